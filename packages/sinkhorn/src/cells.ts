import { tensorFrom } from '@monge/backend'
import type { Pairwise } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/** A measure on the host: `[n]` weights and `[n, d]` points, row-major. */
export interface Points {
  readonly weights: ArrayLike<number>
  readonly points: ArrayLike<number>
  readonly dimension: number
}

/** The cells of a cubic grid in which a measure has mass. */
export interface Cells extends Points {
  /** `[n]`: in which cell each point lies; -1 for those of no weight. */
  readonly cellOf: Int32Array
}

export const pointsOf = ({ weights, points }: Measure): Points => ({
  weights: weights.dataSync(),
  points: points.dataSync(),
  dimension: points.shape[1],
})

/** The measure of some points, its tensors to be disposed of, at tfjs's current backend. */
export const measureFrom = ({ weights, points, dimension }: Points): Measure => ({
  weights: tensorFrom<Tensor1D>(weights, [weights.length]),
  points: tensorFrom<Tensor2D>(points, [weights.length, dimension]),
})

/** From here on, numbers of cells are not told apart. */
const mostKeys = 2 ** 53

/**
 * Gathers a measure in cubic cells of the given width: each becomes one point, the barycentre of its mass. Cells are
 * numbered as points come to lie in them. Undefined where there would be more than `most` of them.
 */
export const cellsOf = ({ weights, points, dimension }: Points, width: number, most: number): Cells | undefined => {
  const cellOf = new Int32Array(weights.length)
  for (let i = 0; i < weights.length; i++) cellOf[i] = weights[i] > 0 ? 0 : -1
  const low = new Float64Array(dimension)
  let count = 1
  for (let k = 0; k < dimension; k++) {
    const [least, greatest] = rangeOf(points, k, dimension, cellOf)
    const slices = Math.floor((greatest - least) / width) + 1
    if (!(slices * (most + 1) < mostKeys)) return undefined
    low[k] = least
    // Places of few keys: an array finds them sooner than a map does.
    const numbers: number[] = []
    count = 0
    for (let i = 0; i < cellOf.length; i++) {
      if (cellOf[i] < 0) continue
      const key = cellOf[i] * slices + Math.floor((points[i * dimension + k] - least) / width)
      cellOf[i] = numbers[key] ??= count++
    }
    if (count > most) return undefined
  }
  const masses = new Float64Array(count)
  const centres = new Float64Array(count * dimension)
  for (let i = 0; i < cellOf.length; i++) {
    const cell = cellOf[i]
    if (cell < 0) continue
    masses[cell] += weights[i]
    for (let k = 0; k < dimension; k++)
      centres[cell * dimension + k] += weights[i] * (points[i * dimension + k] - low[k])
  }
  for (let j = 0; j < centres.length; j++)
    centres[j] = low[j % dimension] + centres[j] / masses[Math.floor(j / dimension)]
  return { weights: masses, points: centres, dimension, cellOf }
}

const rangeOf = (points: ArrayLike<number>, k: number, dimension: number, cellOf: Int32Array): readonly [number, number] => {
  let [least, greatest] = [Infinity, -Infinity]
  for (let i = 0; i < cellOf.length; i++) {
    if (cellOf[i] < 0) continue
    const coordinate = points[i * dimension + k]
    if (coordinate < least) least = coordinate
    if (coordinate > greatest) greatest = coordinate
  }
  return [least, greatest]
}

/**
 * The distance at which a cost has grown by epsilon: `sqrt(2)` blurs for the half squared distance. Undefined
 * for costs that are not a power of a distance above the first: with that sweeps are few anyway, and plans spread over many cells.
 */
export const lengthOf = (pairwise: Pairwise, epsilon: number): number | undefined => {
  const degree = degreeOf(pairwise)
  const length = ((): number => {
    switch (pairwise.tag) {
      case 'radial': {
        if (pairwise.profile.tag !== 'power') return NaN
        const { scale, shift, exponent } = pairwise.profile
        return Math.sqrt((shift ** exponent + epsilon / scale) ** (1 / exponent) - shift)
      }
      case 'lp':
        return (epsilon / pairwise.scale) ** (1 / (pairwise.order * pairwise.exponent))
      default:
        return NaN
    }
  })()
  return degree > 1 && length > 0 && length < Infinity ? length : undefined
}

const degreeOf = (pairwise: Pairwise): number =>
  pairwise.tag === 'radial' && pairwise.profile.tag === 'power'
    ? 2 * pairwise.profile.exponent
    : pairwise.tag === 'lp'
      ? pairwise.order * pairwise.exponent
      : NaN
