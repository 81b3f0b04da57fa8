import { emptyLogarithm, tfjsPlace } from '@monge/backend'
import '@tensorflow/tfjs-backend-cpu'
import { memory } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { hostVectors } from './vectors.ts'

const vectors = hostVectors(tfjsPlace('cpu', 'float32'))
const number = fc.integer({ min: -40, max: 40 }).map((value) => value / 8)

/** Up to nine vectors of a length up to nine, and a factor for each: multiples of an eighth, of which sums are exact. */
const terms = fc
  .tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 1, max: 9 }))
  .chain(([count, length]) =>
    fc.array(fc.tuple(number, fc.array(number, { minLength: length, maxLength: length })), { minLength: count, maxLength: count }),
  )
const pairs = fc.array(fc.tuple(number, number), { minLength: 1, maxLength: 9 })

test('a linear combination is its sum, of however many', () => {
  fc.assert(
    fc.property(terms, number, (given, start) => {
      const [first] = given
      const wanted = (first?.[1] ?? []).map((_, i) => given.reduce((sum, [alpha, values]) => sum + alpha * values[i], start))
      const found = vectors.linear(given.map(([alpha, values]) => [alpha, vectors.fromArray(values)] as const), start)
      expect(Array.from(found)).toEqual(wanted)
    }),
    { numRuns: runs(100) },
  )
})

test('vectors do to each entry what their names say, and change nothing', () => {
  fc.assert(
    fc.property(pairs, (entries) => {
      const [u, v] = [entries.map(([first]) => first), entries.map(([, second]) => second)]
      const [U, V] = [vectors.fromArray(u), vectors.fromArray(v)]
      const of = (f: (a: number, b: number) => number): Float64Array => Float64Array.from(u, (a, i) => f(a, v[i]))
      expect(vectors.multiply(U, V)).toEqual(of((a, b) => a * b))
      expect(vectors.exponential(U)).toEqual(of(Math.exp))
      expect(vectors.exponentialMinusOne(U)).toEqual(of(Math.expm1))
      expect(vectors.logarithm(U)).toEqual(of((a) => (a > 0 ? Math.log(a) : emptyLogarithm)))
      expect(vectors.absolute(U)).toEqual(of(Math.abs))
      expect(vectors.dot(U, V)).toBe(u.reduce((total, a, i) => total + a * v[i], 0))
      expect(Array.from(vectors.toArray(U))).toEqual(u)
      expect(Array.from(V)).toEqual(v)
    }),
    { numRuns: runs(100) },
  )
})

test('vectors come from tensors and go to tensors, as copies', () => {
  const before = memory().numTensors
  const vector = vectors.fromArray([0.5, 7])
  const tensor = vectors.toTensor<Tensor2D>(vector, [2, 1])
  vector[0] = 5
  vectors.toArray(vector)[1] = 5
  expect(vector[1]).toBe(7)
  expect(tensor.shape).toEqual([2, 1])
  vectors.fromTensor(tensor)[1] = 5
  expect(vectors.fromTensor(tensor)).toEqual(Float64Array.of(0.5, 7))
  tensor.dispose()
  const scalar = vectors.dotTensor(Float64Array.of(2, 3), Float64Array.of(4, 5))
  expect(scalar.dataSync()[0]).toBe(23)
  scalar.dispose()
  expect(memory().numTensors).toBe(before)
})

test('vectors outlive their scope', () => {
  const { u } = vectors.scope(() => ({ u: vectors.keep(vectors.fromArray([1])) }))
  expect(u).toEqual(Float64Array.of(1))
  vectors.release(u)
})
