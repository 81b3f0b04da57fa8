import { emptyLogarithm } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { memory } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { referenceBackend } from './reference.ts'

let backend: Backend<Float64Array>

beforeAll(async () => {
  backend = await referenceBackend()
})

const number = fc.double({ min: -5, max: 5, noNaN: true })
const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 9 })

describe('vectors', () => {
  test('do to each entry what their names say, and change nothing', () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const { vectors } = backend
        const u = entries.map(([first]) => first)
        const v = entries.map(([, second]) => second)
        const [U, V] = [vectors.fromArray(u), vectors.fromArray(v)]
        const of = (f: (a: number, b: number) => number): Float64Array => Float64Array.from(u, (a, i) => f(a, v[i]))
        expect(vectors.linear([[2, U], [-0.5, V]], 3)).toEqual(of((a, b) => 3 + 2 * a - 0.5 * b))
        expect(vectors.multiply(U, V)).toEqual(of((a, b) => a * b))
        expect(vectors.exponential(U)).toEqual(of(Math.exp))
        expect(vectors.exponentialMinusOne(U)).toEqual(of(Math.expm1))
        expect(vectors.logarithm(U)).toEqual(of((a) => (a > 0 ? Math.log(a) : emptyLogarithm)))
        expect(vectors.absolute(U)).toEqual(of(Math.abs))
        expect(vectors.dot(U, V)).toBe(u.reduce((total, a, i) => total + a * v[i], 0))
        expect(Array.from(vectors.toArray(U))).toEqual(u)
        expect(Array.from(V)).toEqual(v)
      }),
    )
  })

  test('come from tensors and go to tensors with all their digits, as copies', () => {
    const before = memory().numTensors
    const { vectors } = backend
    const vector = vectors.fromArray([0.1, 1 / 3, 1e-300, 7])
    const tensor = vectors.toTensor<Tensor2D>(vector, [2, 2])
    vector[0] = 5
    expect(tensor.shape).toEqual([2, 2])
    expect(vectors.fromTensor(tensor)).toEqual(Float64Array.of(0.1, 1 / 3, 1e-300, 7))
    vectors.fromTensor(tensor)[1] = 5
    expect(tensor.dataSync()[1]).toBe(1 / 3)
    vectors.toArray(vector)[3] = 5
    expect(vector[3]).toBe(7)
    tensor.dispose()
    const scalar = vectors.dotTensor(Float64Array.of(0.1), Float64Array.of(1))
    expect(scalar.dataSync()[0]).toBe(0.1)
    scalar.dispose()
    expect(memory().numTensors).toBe(before)
  })

  test('outlive their scope', () => {
    const { vectors } = backend
    const result = vectors.scope(() => ({ u: vectors.keep(vectors.fromArray([1])) }))
    expect(result.u).toEqual(Float64Array.of(1))
    vectors.release(result.u)
  })
})
