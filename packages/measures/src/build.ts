import { currentPrecision, tensorFrom } from '@monge/backend'
import type { Float, Place } from '@monge/backend'
import type { Either } from 'fp-ts/lib/Either.js'
import { accept, refuse } from './measure-error.js'
import type { MeasureError } from './measure-error.js'
import type { Measure } from './measure.js'

/** What a measure is made of: `n` points of dimension `d`, row-major, and as many weights (without them, 1/n each). */
export interface Parts {
  readonly points: ArrayLike<number>
  readonly weights: ArrayLike<number> | undefined
  readonly n: number
  readonly d: number
}

/** The measure of the parts, copied to the place (tfjs's current backend by default), if they are valid there. */
export const build = (parts: Parts, place: Place | undefined): Either<MeasureError, Measure> => {
  const make = (): Either<MeasureError, Measure> => {
    const { n, d } = parts
    const points = rounded(parts.points)
    const weights = rounded(parts.weights ?? equalWeights(n))
    const error = fault({ ...parts, points, weights, given: parts })
    return error === undefined
      ? accept({ weights: tensorFrom(weights, [n]), points: tensorFrom(points, [n, d]) })
      : refuse(error)
  }
  return place === undefined ? make() : place.within(make)
}

/** 1/n, n times. */
export const equalWeights = (n: number): Float64Array => new Float64Array(n).fill(1 / n)

/** A copy in the number format of the current backend. */
const rounded = (values: ArrayLike<number>): Float =>
  currentPrecision() === 'float64' ? new Float64Array(values) : new Float32Array(values)

interface Rounded {
  readonly points: Float
  readonly weights: Float
  readonly n: number
  readonly d: number
  /** The numbers before rounding, to tell of in errors. */
  readonly given: Pick<Parts, 'points' | 'weights'>
}

/** The first thing that keeps the parts from being a measure. */
export const fault = ({ points, weights, n, d, given }: Rounded): MeasureError | undefined => {
  if (n === 0) return { tag: 'EmptyMeasure' }
  if (d === 0) return { tag: 'NoDimensions' }
  if (weights.length !== n) return { tag: 'ShapeMismatch', weights: weights.length, points: n }
  return weightFault(weights, given.weights ?? weights) ?? pointFault(points, d, given.points)
}

const weightFault = (weights: Float, given: ArrayLike<number>): MeasureError | undefined => {
  let mass = 0
  for (let index = 0; index < weights.length; index++) {
    const weight = weights[index] ?? NaN
    const value = given[index] ?? NaN
    if (!isNumber(weight, value)) return { tag: 'NotFinite', where: 'weights', index, value }
    if (weight < 0) return { tag: 'NegativeWeight', index, value }
    mass += weight
  }
  if (mass === 0) return { tag: 'ZeroMass' }
  const represented = weights instanceof Float32Array ? Math.fround(mass) : mass
  return represented === Infinity ? { tag: 'InfiniteMass' } : undefined
}

const pointFault = (points: Float, d: number, given: ArrayLike<number>): MeasureError | undefined => {
  let index = 0
  while (index < points.length && isNumber(points[index] ?? NaN, given[index])) index++
  return index === points.length
    ? undefined
    : { tag: 'NotFinite', where: 'points', index: Math.floor(index / d), axis: index % d, value: given[index] ?? NaN }
}

// A string of digits, null and the like turn into numbers on their way into a typed array; they are still mistakes.
const isNumber = (stored: number, given: unknown): boolean => typeof given === 'number' && Number.isFinite(stored)
