import { constant, emptyLogarithm, tensorFrom } from '@monge/backend'
import type { Place, Vectors } from '@monge/backend'
import { copyOf, vectorOf } from './vector-of.js'

/**
 * Vectors of doubles, whatever the precision of the kernels: the work on them is nothing beside that on matrices, and
 * potentials keep digits that float32 would lose where epsilon is small. The collector frees them.
 */
export const hostVectors = (place: Place): Vectors<Float64Array> => ({
  fromTensor: (tensor) => copyOf(tensor.dataSync()),
  toTensor: (vector, shape) => place.within(() => tensorFrom(vector, shape)),
  fromArray: (values) => copyOf(values),
  toArray: (vector) => vector.slice(),
  linear: (terms, start = 0) => {
    const [first, second] = terms
    if (first === undefined) return new Float64Array(0)
    if (second === undefined) return multipleOf(first[0], first[1], start)
    const result = sumOf(first[0], first[1], second[0], second[1], start)
    let k = 2
    for (; k + 3 < terms.length; k += 4) addFour(result, terms[k], terms[k + 1], terms[k + 2], terms[k + 3])
    for (; k < terms.length; k++) addMultiple(result, terms[k][0], terms[k][1])
    return result
  },
  multiply: (u, v) => {
    const result = vectorOf(u.length)
    for (let i = 0; i < result.length; i++) result[i] = u[i] * v[i]
    return result
  },
  exponential: (v) => {
    const result = vectorOf(v.length)
    for (let i = 0; i < result.length; i++) result[i] = Math.exp(v[i])
    return result
  },
  exponentialMinusOne: (v) => v.map(Math.expm1),
  logarithm: (v) => {
    const result = vectorOf(v.length)
    for (let i = 0; i < result.length; i++) result[i] = v[i] > 0 ? Math.log(v[i]) : emptyLogarithm
    return result
  },
  absolute: (v) => {
    const result = vectorOf(v.length)
    for (let i = 0; i < result.length; i++) result[i] = Math.abs(v[i])
    return result
  },
  dot,
  dotTensor: (u, v) => place.within(() => constant(dot(u, v))),
  scope: (body) => body(),
  keep: (vector) => vector,
  release: () => undefined,
})

// The methods of typed arrays call back for every number: where sweeps are short, loops take half of their time.
const multipleOf = (alpha: number, v: Float64Array, start: number): Float64Array => {
  const result = vectorOf(v.length)
  for (let i = 0; i < result.length; i++) result[i] = start + alpha * v[i]
  return result
}

const sumOf = (alpha: number, u: Float64Array, beta: number, v: Float64Array, start: number): Float64Array => {
  const result = vectorOf(u.length)
  for (let i = 0; i < result.length; i++) result[i] = start + alpha * u[i] + beta * v[i]
  return result
}

const addMultiple = (sum: Float64Array, alpha: number, v: Float64Array): void => {
  for (let i = 0; i < sum.length; i++) sum[i] += alpha * v[i]
}

type Term = readonly [alpha: number, v: Float64Array]

// The sum is read and written once for four.
const addFour = (sum: Float64Array, [a, t]: Term, [b, u]: Term, [c, v]: Term, [d, w]: Term): void => {
  for (let i = 0; i < sum.length; i++) sum[i] += a * t[i] + b * u[i] + (c * v[i] + d * w[i])
}

// Four sums side by side do not wait for each other.
const dot = (u: Float64Array, v: Float64Array): number => {
  const whole = u.length - (u.length % 4)
  let [a, b, c, d] = [0, 0, 0, 0]
  for (let i = 0; i < whole; i += 4) {
    a += u[i] * v[i]
    b += u[i + 1] * v[i + 1]
    c += u[i + 2] * v[i + 2]
    d += u[i + 3] * v[i + 3]
  }
  for (let i = whole; i < u.length; i++) a += u[i] * v[i]
  return a + b + (c + d)
}
