import { add, cos, grads, memory, mul, range, reshape, setBackend, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { runs } from '../../../../tooling/testing/src/index.ts'
import { cases } from '../../testing/cases.ts'
import type { Example } from '../../testing/cases.ts'
import { tensorOf } from '../../testing/inputs.ts'
import type { Input } from '../../testing/inputs.ts'
import { referenceBackend } from '../reference.ts'
import { float64Name } from './register.ts'

/** A scalar that weighs every entry of the outputs differently. */
const summary = (apply: Example['apply'], inputs: readonly Tensor[]): Tensor =>
  ([apply(...inputs)].flat() as readonly Tensor[])
    .map((output) => sum(mul(output, reshape(cos(range(1, output.size + 1)), output.shape))))
    .reduce((total, one) => add(total, one))

const valueAt = (apply: Example['apply'], inputs: readonly Input[]): number => {
  const result = tidy(() => summary(apply, inputs.map(precise)))
  const [value] = result.dataSync()
  result.dispose()
  return value
}

/** The input with all its digits: `tensor` rounds numbers to float32. */
const precise = (input: Input): Tensor => {
  if (input.dtype !== 'float32') return tensorOf(input)
  const high = input.values.map(Math.fround)
  const low = input.values.map((value, i) => value - high[i])
  return add(tensorOf({ ...input, values: high }), tensorOf({ ...input, values: low }))
}

const step = 2 ** -17

const shifted = (input: Input, at: number, shift: number): Input => ({
  ...input,
  values: input.values.map((value, i) => (i === at ? value + shift : value)),
})

// Richardson's extrapolation of central differences: their own error is too large where a power or 1 / x is steep.
const differences = (apply: Example['apply'], inputs: readonly Input[], which: number): readonly number[] =>
  inputs[which].values.map((_, i) => {
    const quotient = (length: number): number => {
      const [after, before] = [length, -length].map((shift) =>
        valueAt(
          apply,
          inputs.map((input, one) => (one === which ? shifted(input, i, shift) : input)),
        ),
      )
      return (after - before) / (2 * length)
    }
    return (4 * quotient(step / 2) - quotient(step)) / 3
  })

beforeAll(async () => {
  await referenceBackend()
  await setBackend(float64Name)
})

describe.each(
  cases
    .filter(({ differentiable }) => differentiable)
    .map((one, index) => ({ ...one, title: `${one.kernel} (case ${index})` })),
)('$title', ({ examples }) => {
  test('has the gradient of central differences, and leaves nothing behind', () => {
    fc.assert(
      fc.property(examples, ({ inputs, apply }) => {
        const before = memory().numTensors
        const floats = inputs.flatMap((input, which) => (input.dtype === 'float32' ? [which] : []))
        const slopes: (readonly number[])[] = []
        tidy(() => {
          const fixed = inputs.map(tensorOf)
          const varying = (...some: Tensor[]): Tensor =>
            summary(
              apply,
              fixed.map((tensor, which) => (floats.includes(which) ? some[floats.indexOf(which)] : tensor)),
            )
          for (const slope of grads(varying)(floats.map((which) => fixed[which])))
            slopes.push(Array.from(slope.dataSync()))
        })
        expect(memory().numTensors).toBe(before)
        floats.forEach((which, position) => {
          const expected = differences(apply, inputs, which)
          slopes[position].forEach((slope, i) => {
            expect(Math.abs(slope - expected[i])).toBeLessThan(1e-7 * (1 + Math.abs(slope)))
          })
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
