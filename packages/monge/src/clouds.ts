import type { Place } from '@monge/backend'
import { mongeError, requireKnownKeys } from '@monge/errors'
import { describeMeasureError, disposeMeasure, fromArrays } from '@monge/measures'
import type { Measure, PointsLike } from '@monge/measures'

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
 * @throws InvalidMeasure, which tells of which cloud and which entry
 */
export const withClouds = <A>(
  where: string,
  place: Place | undefined,
  clouds: Clouds,
  body: (mu: Measure, nu: Measure) => A,
): A => {
  requireKnownKeys(['x', 'y', 'a', 'b'])(where, clouds)
  const run = (): A => {
    const mu = measureOf(`${where}: x and a`, clouds.x, clouds.a)
    try {
      const nu = measureOf(`${where}: y and b`, clouds.y, clouds.b)
      try {
        return body(mu, nu)
      } finally {
        disposeMeasure(nu)
      }
    } finally {
      disposeMeasure(mu)
    }
  }
  return place === undefined ? run() : place.within(run)
}

const measureOf = (where: string, points: PointsLike, weights: ArrayLike<number> | undefined): Measure => {
  const result = fromArrays(points, weights)
  if (result._tag === 'Left')
    throw mongeError('InvalidMeasure', where, describeMeasureError(result.left), result.left)
  return result.right
}
