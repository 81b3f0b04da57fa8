import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import { requireVector } from './potentials/gaussian.js'

/** A convex set, and ways back to it, each for one point `[d]`. */
export interface Domain {
  readonly name: string
  readonly dimension: number
  contains(point: ArrayLike<number>): boolean
  /** The nearest point of the set. */
  project(point: ArrayLike<number>): Float64Array
  /** Where a straight path to the point ends up if the boundary is a mirror: in a ball, along the radius. */
  reflect(point: ArrayLike<number>): Float64Array
}

/** Two corners of a box, `[d]` each; a side may be infinite. */
export interface BoxOptions {
  readonly low: readonly number[]
  readonly high: readonly number[]
}

/**
 * The box of all points between two corners.
 *
 * @throws InvalidOption
 */
export const box = (options: BoxOptions): Domain => {
  requireKnownKeys(['low', 'high'])('box', options)
  const { low, high } = options
  if (low.length === 0 || low.length !== high.length || low.some((value, axis) => !(value < (high[axis] ?? Number.NaN))))
    throw mongeError('InvalidOption', 'box', 'expected corners of one dimension, low below high on every axis')
  const ends = low.map((value, axis) => [value, high[axis] ?? value] as const)
  return {
    name: 'box',
    dimension: low.length,
    contains: (point) => ends.every(([from, to], axis) => (point[axis] ?? 0) >= from && (point[axis] ?? 0) <= to),
    project: (point) => Float64Array.from(ends, ([from, to], axis) => Math.min(Math.max(point[axis] ?? 0, from), to)),
    reflect: (point) => Float64Array.from(ends, ([from, to], axis) => fold(point[axis] ?? 0, from, to)),
  }
}

/** A centre `[d]` and a radius. */
export interface BallOptions {
  readonly centre: readonly number[]
  readonly radius: number
}

/**
 * The ball about a centre.
 *
 * @throws InvalidOption
 */
export const ball = (options: BallOptions): Domain => {
  requireKnownKeys(['centre', 'radius'])('ball', options)
  const centre = requireVector('ball: centre', options.centre)
  const radius = requirePositive('ball: radius', options.radius)
  const distanceOf = (point: ArrayLike<number>): number =>
    Math.hypot(...centre.map((middle, axis) => (point[axis] ?? 0) - middle))
  const at = (point: ArrayLike<number>, factor: number): Float64Array =>
    centre.map((middle, axis) => middle + factor * ((point[axis] ?? 0) - middle))
  const within = (point: ArrayLike<number>, length: (distance: number) => number): Float64Array => {
    const distance = distanceOf(point)
    return distance <= radius ? Float64Array.from(point) : at(point, length(distance) / distance)
  }
  return {
    name: 'ball',
    dimension: centre.length,
    // Rounding may leave a projected point a little outside.
    contains: (point) => distanceOf(point) <= radius * (1 + 1e-12),
    project: (point) => within(point, () => radius),
    reflect: (point) => within(point, (distance) => fold(distance, -radius, radius)),
  }
}

/** A number on the line between two mirrors, or one. */
const fold = (x: number, low: number, high: number): number => {
  if (x >= low && x <= high) return x
  if (low === -Infinity) return 2 * high - x
  if (high === Infinity) return 2 * low - x
  const width = high - low
  const turns = (((x - low) % (2 * width)) + 2 * width) % (2 * width)
  return low + (turns <= width ? turns : 2 * width - turns)
}
