import '@tensorflow/tfjs-backend-cpu'
import { memory, profile, setBackend, tidy } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { runs } from '../../../../tooling/testing/src/index.ts'
import { cases } from '../../testing/cases.ts'
import type { Example } from '../../testing/cases.ts'
import { tensorOf } from '../../testing/inputs.ts'
import { referenceBackend } from '../reference.ts'
import { float64Name, kernels } from './register.ts'

interface Output {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly values: readonly number[]
}

const outputsOn = async (name: string, { inputs, apply }: Example): Promise<readonly Output[]> => {
  await setBackend(name)
  const outputs: Output[] = []
  tidy(() => {
    const results = [apply(...inputs.map(tensorOf))].flat() as readonly Tensor[]
    for (const result of results)
      outputs.push({ shape: result.shape, dtype: result.dtype, values: Array.from(result.dataSync()) })
  })
  return outputs
}

const expectAgreement = (actual: readonly Output[], expected: readonly Output[]): void => {
  expect(actual.map(({ shape, dtype }) => ({ shape, dtype }))).toEqual(
    expected.map(({ shape, dtype }) => ({ shape, dtype })),
  )
  actual.forEach(({ values }, which) => {
    const others = expected[which].values
    values.forEach((value, i) => {
      if (Number.isFinite(others[i])) expect(Math.abs(value - others[i])).toBeLessThan(2e-5 * (1 + Math.abs(value)))
      else expect(value).toBe(others[i])
    })
  })
}

beforeAll(referenceBackend)

describe.each(cases.map((one, index) => ({ ...one, title: `${one.kernel} (case ${index})` })))(
  '$title',
  ({ kernel, examples }) => {
    test('agrees with the cpu backend, and leaves nothing behind', () =>
      fc.assert(
        fc.asyncProperty(examples, async (example) => {
          const before = memory().numTensors
          expectAgreement(await outputsOn(float64Name, example), await outputsOn('cpu', example))
          expect(memory().numTensors).toBe(before)
        }),
        { numRuns: runs(100) },
      ))

    test('is the kernel that runs', async () => {
      await setBackend(float64Name)
      const { kernelNames } = await profile(() => {
        for (const { apply, inputs } of fc.sample(examples, 10))
          tidy(() => {
            apply(...inputs.map(tensorOf))
          })
        return []
      })
      expect(kernelNames).toContain(kernel)
    })
  },
)

test('every kernel has a case', () => {
  expect(Object.keys(kernels).filter((name) => cases.every(({ kernel }) => kernel !== name))).toEqual([])
})
