import { fc, test as property } from '@fast-check/vitest'
import { dispose, engine, memory, tidy } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { expectClose } from '../../../../tooling/testing/src/geometry-check.ts'
import { eachBackend, eachImplementation, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import type { Backend } from '../index.js'
import { emptyLogarithm, tensorFrom } from '../index.js'
import { tensorVectors } from './tensor-vectors.js'

// Numbers that both precisions hold exactly.
const entries = fc.array(
  fc.integer({ min: -4096, max: 4096 }).map((value) => value / 256),
  { minLength: 1, maxLength: 20 },
)
const pairs = entries.chain((u) =>
  fc.tuple(fc.constant(u), fc.array(fc.integer({ min: -64, max: 64 }), { minLength: u.length, maxLength: u.length })),
)

eachImplementation('the vectors of a backend', (backend) => {
  const onVectors = (body: (given: Backend) => void): void =>
    withoutLeaks(() => backend().within(() => tidy(() => backend().vectors.scope(() => body(backend())))))
  const check = (what: string, vector: unknown, expected: readonly number[]): void =>
    expectClose(backend(), what, backend().vectors.toArray(vector), expected)

  property.prop([pairs, fc.integer({ min: -8, max: 8 })])('combine, entry by entry', ([u, v], shift) => {
    onVectors(({ vectors }) => {
      const [a, b] = [vectors.fromArray(u), vectors.fromArray(v)]
      check(
        'linear',
        vectors.linear(
          [
            [0.1, a],
            [1, b],
          ],
          shift / 10,
        ),
        u.map((value, i) => 0.1 * value + (v[i] ?? 0) + shift / 10),
      )
      check(
        'multiply',
        vectors.multiply(a, b),
        u.map((value, i) => value * (v[i] ?? 0)),
      )
      check('exponential', vectors.exponential(a), u.map(Math.exp))
      check('exponentialMinusOne', vectors.exponentialMinusOne(a), u.map(Math.expm1))
      check('absolute', vectors.absolute(a), u.map(Math.abs))
      check(
        'logarithm',
        vectors.logarithm(a),
        u.map((value) => (value > 0 ? Math.log(value) : emptyLogarithm)),
      )
      const dot = u.reduce((total, value, i) => total + value * (v[i] ?? 0), 0)
      expectClose(backend(), 'dot', [vectors.dot(a, b)], [dot], { float64: 1e-15, float32: 1e-15 })
      expectClose(backend(), 'dotTensor', vectors.dotTensor(a, b).dataSync(), [dot])
    })
  })

  test('come from tensors and go to tensors of any shape', () => {
    onVectors(({ vectors }) => {
      const tensor = tensorFrom([1, 2, 3, 4, 5, 6], [3, 2])
      const back = vectors.toTensor(vectors.fromTensor(tensor), [2, 3])
      expect(back.shape).toEqual([2, 3])
      expect(Array.from(back.dataSync())).toEqual([1, 2, 3, 4, 5, 6])
    })
  })

  test('are read into arrays that share nothing with them', () => {
    onVectors(({ vectors }) => {
      const vector = vectors.fromArray([1, 2])
      vectors.toArray(vector).fill(7)
      expect(Array.from(vectors.toArray(vector))).toEqual([1, 2])
    })
  })

  test('accumulate dot products in float64', () => {
    onVectors(({ vectors }) => {
      const ones = vectors.fromArray(Array.from({ length: 3 }, () => 1))
      expect(vectors.dot(vectors.fromArray([2 ** 26, 1, -(2 ** 26)]), ones)).toBe(1)
    })
  })
})

eachBackend('vectors of tensors', (backend) => {
  test('outlive their scope if they are kept, until they are released', () => {
    const vectors = tensorVectors(backend())
    const before = memory().numTensors
    let kept: Tensor | undefined
    vectors.scope(() => {
      kept = vectors.keep(vectors.fromArray([1, 2, 3]))
      vectors.linear([[2, kept]])
      return undefined
    })
    expect(memory().numTensors).toBe(before + 1)
    expect(Array.from(kept?.dataSync() ?? [])).toEqual([1, 2, 3])
    if (kept !== undefined) vectors.release(kept)
    expect(memory().numTensors).toBe(before)
  })

  test('need at least one term to combine', () => {
    const refused = (): unknown => tensorVectors(backend()).linear([])
    expect(refused).toThrow('linear: terms: expected at least one term')
  })

  test('made in a scope are freed by it, save those in its result', () => {
    const vectors = tensorVectors(backend())
    withoutLeaks(() =>
      vectors.scope(() => {
        const a = vectors.fromArray([1, 2])
        const b = vectors.exponential(a)
        vectors.multiply(a, b)
        return { b, list: [vectors.absolute(a)] }
      }),
    )
  })

  test('leave no trace on the tape', () => {
    const vectors = tensorVectors(backend())
    const { state } = engine()
    const x = tensorFrom([1, 2, 3], [3])
    withoutLeaks(() => {
      // A tape as tfjs keeps one while it differentiates.
      state.gradientDepth += 1
      state.activeTape = []
      try {
        return vectors.scope(() => {
          const scalar: Scalar = vectors.dotTensor(vectors.exponential(vectors.linear([[2, vectors.fromTensor(x)]])), x)
          expect(state.activeTape.every((node) => node.saved === undefined || node.saved.length === 0)).toBe(true)
          return scalar
        })
      } finally {
        state.gradientDepth -= 1
        state.activeTape = []
      }
    })
    dispose(x)
  })
})
