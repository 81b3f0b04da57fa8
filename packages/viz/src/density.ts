import { contourDensity } from 'd3-contour'
import { requireInteger, requirePositive } from '@monge/errors'
import { colourAlong } from './colours.js'
import { extentOf, readPoints, readWeights } from './numbers.js'
import type { ColourMap } from './colours.js'
import type { Frame, Layer } from './layer.js'
import type { Points } from './numbers.js'
import type { Mark, Pixel } from './scene.js'

export interface DensityOptions {
  /** `[n, 2]` */
  readonly points: Points
  /** `[n]`; equal unless given. */
  readonly weights?: ArrayLike<number>
  /** Width of the smoothing kernel in pixels; 10 unless given. */
  readonly bandwidth?: number
  /** How many contours; 6 unless given. */
  readonly levels?: number
  /** `greys` unless given. */
  readonly map?: ColourMap
  /** How strongly the densest level is tinted, from 0 to 1; 0.35 unless given: a background. */
  readonly tint?: number
}

/**
 * The density of a cloud as filled contours, smoothed by a Gaussian: a background for the clouds that lie upon it.
 *
 * @throws InvalidArgument for empty, non-finite or disagreeing input
 */
export const density = (options: DensityOptions): Layer => {
  const points = readPoints('density: points', options.points)
  const weights = readWeights('density: weights', points.length, options.weights)
  const bandwidth = requirePositive('density: bandwidth', options.bandwidth ?? 10)
  const levels = requireInteger(1)('density: levels', options.levels ?? 6)
  const { map = 'greys', tint = 0.35 } = options
  const indices = points.map((_, index) => index)

  const draw = ({ box, x, y }: Frame): readonly Mark[] => {
    const estimate = contourDensity<number>()
      .x((index) => x.toPixel(points[index]?.[0] ?? 0) - box.x)
      .y((index) => y.toPixel(points[index]?.[1] ?? 0) - box.y)
      .weight((index) => (weights[index] ?? 0) * points.length)
      .size([box.width, box.height])
      .cellSize(2)
      .bandwidth(bandwidth)
      .thresholds(levels)
    const contours = estimate(indices)
    const place = (position: readonly number[]): Pixel => [(position[0] ?? 0) + box.x, (position[1] ?? 0) + box.y]
    return contours.map(({ coordinates }, level) => ({
      kind: 'path',
      closed: true,
      lines: coordinates.flat().map((ring) => ring.map(place)),
      style: { fill: colourAlong({ map, domain: [0, 1] }, (tint * (level + 1)) / contours.length) },
    }))
  }

  return {
    extent: { x: extentOf(points.map(([px]) => px)), y: extentOf(points.map(([, py]) => py)) },
    legend: [],
    inset: 7,
    draw,
  }
}
