import { constant, emptyLogarithm, tensorFrom } from '@monge/backend'
import type { Place, Vectors } from '@monge/backend'

const dot = (u: Float64Array, v: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i]
  return sum
}

const linear = (terms: readonly (readonly [number, Float64Array])[], shift = 0): Float64Array => {
  const result = new Float64Array(terms[0]?.[1].length ?? 0).fill(shift)
  for (const [alpha, v] of terms) for (let i = 0; i < result.length; i++) result[i] += alpha * v[i]
  return result
}

/** Vectors as arrays of doubles. They are freed by nobody but the collector, so scopes have nothing to do. */
export const float64Vectors = (place: Place): Vectors<Float64Array> => ({
  fromTensor: (tensor) => new Float64Array(tensor.dataSync()),
  toTensor: (vector, shape) => place.within(() => tensorFrom(vector, shape)),
  fromArray: (values) => Float64Array.from(values),
  toArray: (vector) => vector.slice(),
  linear,
  multiply: (u, v) => u.map((value, i) => value * v[i]),
  exponential: (v) => v.map(Math.exp),
  exponentialMinusOne: (v) => v.map(Math.expm1),
  logarithm: (v) => v.map((value) => (value > 0 ? Math.log(value) : emptyLogarithm)),
  absolute: (v) => v.map(Math.abs),
  dot,
  dotTensor: (u, v) => place.within(() => constant(dot(u, v))),
  scope: (body) => body(),
  keep: (vector) => vector,
  release: () => {},
})
