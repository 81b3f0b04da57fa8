import type { Place } from '@monge/backend'
import { mongeError, requireKnownKeys } from '@monge/errors'
import { describeMeasureError, disposeMeasure, fromArrays } from '@monge/measures'
import type { Measure, MeasureError, PointsLike } from '@monge/measures'
import { engine } from '@tensorflow/tfjs-core'

/** Two weighted clouds as plain arrays: points as rows of coordinates or as row-major data, weights 1/n unless given. */
export interface Clouds {
  readonly x: PointsLike
  readonly y: PointsLike
  /** `[n]` */
  readonly a?: ArrayLike<number> | undefined
  /** `[m]` */
  readonly b?: ArrayLike<number> | undefined
}

/**
 * Makes measures of the clouds at a place (tfjs's current backend without one), runs the body on them there and frees
 * them.
 *
 * @throws InvalidMeasure, which tells of which cloud and which entry; BackendUnavailable; InvalidArgument if the place is none
 */
export const withClouds = <A>(
  where: string,
  place: Place | undefined,
  clouds: Clouds,
  body: (mu: Measure, nu: Measure) => A,
): A => {
  requireKnownKeys(['x', 'y', 'a', 'b'])(where, clouds)
  // Its type denies it, but a promise of a backend is soon passed on without an `await`.
  if (place !== undefined && typeof (place.within as unknown) !== 'function')
    throw mongeError('InvalidArgument', where, 'expected a backend that has started: await what starts it')
  const run = (): A => {
    const mu = measureOf(where, 'x', clouds.x, 'a', clouds.a)
    try {
      const nu = measureOf(where, 'y', clouds.y, 'b', clouds.b)
      try {
        return body(mu, nu)
      } finally {
        disposeMeasure(nu)
      }
    } finally {
      disposeMeasure(mu)
    }
  }
  if (place !== undefined) return place.within(run)
  if (Object.keys(engine().registryFactory).length === 0)
    throw mongeError('BackendUnavailable', where, 'the loss knows no backend, and tfjs has none; start one first')
  return run()
}

const measureOf = (
  where: string,
  nameOfPoints: string,
  points: PointsLike,
  nameOfWeights: string,
  weights: ArrayLike<number> | undefined,
): Measure => {
  if (!isPointsLike(points))
    throw mongeError('InvalidMeasure', `${where}: ${nameOfPoints}`, 'expected rows of coordinates, or { data, shape }')
  const result = fromArrays(points, weights)
  if (result._tag === 'Right') return result.right
  const name = isOfWeights(result.left) ? nameOfWeights : nameOfPoints
  throw mongeError('InvalidMeasure', `${where}: ${name}`, describeMeasureError(result.left), result.left)
}

// What plain JavaScript may hand in, whatever the types say.
const isPointsLike = (points: unknown): boolean =>
  typeof points === 'object' &&
  points !== null &&
  ('length' in points || ('data' in points && 'shape' in points && Array.isArray(points.shape)))

const isOfWeights = (error: MeasureError): boolean =>
  'where' in error
    ? error.where === 'weights'
    : ['ShapeMismatch', 'NegativeWeight', 'ZeroMass', 'InfiniteMass'].includes(error.tag)
