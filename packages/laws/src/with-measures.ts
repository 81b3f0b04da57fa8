import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Place } from '@monge/backend'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Cloud, CloudPair } from './arbitraries/cloud.js'

/** Runs the body at the place, or where tfjs is. */
export const at = <A>(place: Place | undefined, body: () => A): A => (place === undefined ? body() : place.within(body))

/** Runs the body with the measures of clouds, and frees them. */
export const withMeasures = <A>(clouds: readonly Cloud[], body: (measures: readonly Measure[]) => A): A => {
  const measures = clouds.map(({ points, weights }) => measureOrThrow(fromArrays(points, weights)))
  try {
    return body(measures)
  } finally {
    for (const measure of measures) disposeMeasure(measure)
  }
}

/** A loss of clouds, as a number. */
export const valueOf =
  (loss: Loss) =>
  (mu: Cloud, nu: Cloud): number =>
    at(loss.place, () =>
      withMeasures([mu, nu], (measures) => {
        const [from, to] = measures as [Measure, Measure]
        const scalar = loss(from, to)
        const value = scalar.dataSync()[0] ?? NaN
        scalar.dispose()
        return value
      }),
    )

/** A matrix between the points of clouds, row by row. */
export const entriesOf =
  (matrix: (x: Tensor2D, y: Tensor2D) => Tensor2D) =>
  (mu: Cloud, nu: Cloud): readonly number[] =>
    withMeasures([mu, nu], (measures) => {
      const [from, to] = measures as [Measure, Measure]
      const entries = matrix(from.points, to.points)
      const found = Array.from(entries.dataSync())
      entries.dispose()
      return found
    })

/** The same points in another order. */
export const reordered = ({ points, weights }: Cloud, order: readonly number[]): Cloud => ({
  points: order.map((index) => points[index] ?? []),
  weights: order.map((index) => weights[index] ?? 0),
})

/** A map of every point of a cloud. */
export const mapped = (cloud: Cloud, map: (point: readonly number[]) => readonly number[]): Cloud => ({
  ...cloud,
  points: cloud.points.map(map),
})

/** A map of every point of two clouds. */
export const bothMapped = (pair: CloudPair, map: (point: readonly number[]) => readonly number[]): CloudPair => ({
  ...pair,
  mu: mapped(pair.mu, map),
  nu: mapped(pair.nu, map),
})
