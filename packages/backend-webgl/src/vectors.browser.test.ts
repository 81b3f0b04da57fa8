import { memory } from '@tensorflow/tfjs-core'
import type { WebGLMemoryInfo } from '@tensorflow/tfjs-backend-webgl'
import { emptyLogarithm } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { expect, test } from 'vitest'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { expectClose } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends, withoutLeaks } from '../../../tooling/testing/src/index.ts'

onBackends(['webgl'])('vectors', (backend) => {
  test('add up, however many there are', () => {
    const { vectors } = backend()
    withoutLeaks(() =>
      vectors.scope(() => {
        const terms = Array.from({ length: 20 }, (_, k) => [k / 4, vectors.fromArray([1, k])] as const)
        const squares = terms.reduce((sum, _, k) => sum + k ** 2 / 4, 0)
        expectClose(backend(), 'sum', vectors.toArray(vectors.linear(terms, 0.5)), [48, squares + 0.5])
        return undefined
      }),
    )
  })

  test.each([5, 3000])('of %i entries have a product, and stay on the GPU', (size) => {
    const { vectors } = backend()
    const [u, v] = [1, 2].map((seed) => cloud(seed, size, 1).flat()) as [number[], number[]]
    const expected = u.reduce((sum, value, i) => sum + value * (v[i] ?? 0), 0)
    const most = u.reduce((sum, value, i) => sum + Math.abs(value * (v[i] ?? 0)), 0)
    withoutLeaks(() =>
      vectors.scope(() => {
        const [a, b] = [u, v].map((values) => vectors.absolute(vectors.linear([[1, vectors.fromArray(values)]])))
        const [x, y] = [u, v].map((values) => vectors.linear([[1, vectors.fromArray(values)]]))
        const bytes = (memory() as WebGLMemoryInfo).numBytesInGPU
        expect(Math.abs(vectors.dot(x, y) - expected)).toBeLessThanOrEqual(1e-6 * most)
        expect(Math.abs(vectors.dot(a, b) - most)).toBeLessThanOrEqual(1e-6 * most)
        expect((memory() as WebGLMemoryInfo).numBytesInGPU).toBe(bytes)
        return undefined
      }),
    )
  })

  test('keep what is no number', () => {
    const { vectors } = backend()
    const found = vectors.scope(() => {
      const v = vectors.fromArray([NaN])
      return [v, vectors.exponential(v), vectors.exponentialMinusOne(v), vectors.absolute(v)].map((each) => vectors.toArray(each)[0])
    })
    expect(found).toEqual([NaN, NaN, NaN, NaN])
  })

  test('keep the digits of exp(v) - 1 where v is small', () => {
    const { vectors } = backend()
    for (const value of [0, 1e-20, 1e-6, -1e-3, 0.4, -0.49, 0.51, 3, -20]) {
      const [found] = vectors.scope(() => [vectors.toArray(vectors.exponentialMinusOne(vectors.fromArray([value])))[0]])
      expect(Math.abs((found ?? Number.NaN) - Math.expm1(value))).toBeLessThanOrEqual(
        1e-6 * Math.abs(Math.expm1(value)),
      )
    }
  })

  test('have a logarithm of nothing', () => {
    const { vectors } = backend()
    const found = vectors.scope(() => Array.from(vectors.toArray(vectors.logarithm(vectors.fromArray([0, -1, 1])))))
    expect(found).toEqual([Math.fround(emptyLogarithm), Math.fround(emptyLogarithm), 0])
  })

  test('refuse to add up nothing', () => {
    const tag = (): unknown => {
      try {
        return backend().vectors.linear([])
      } catch (error) {
        return isMongeError(error) ? error.tag : error
      }
    }
    expect(tag()).toBe('InvalidArgument')
  })
})
