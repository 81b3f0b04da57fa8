import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import { requireSameDimension } from '@monge/losses'
import { toTyped } from '@monge/measures'
import type { Measure, MeasureData } from '@monge/measures'

/** How to judge by nearest neighbours. */
export interface NeighbourOptions {
  /** A point's ball reaches to its k-th nearest neighbour in its own cloud. Default 5. */
  readonly neighbours?: number
}

/** How faithful generated points are, and how diverse. */
export interface NeighbourReport {
  /** The share of generated points within the ball of some real one. */
  readonly precision: number
  /** The share of real points within the ball of some generated one. */
  readonly recall: number
  /** How many real balls a generated point lies in on average, over k; near 1 for one law, and not capped there. */
  readonly density: number
  /** The share of real points whose ball holds some generated one; near `1 - 2^-k` for clouds of one law and size. */
  readonly coverage: number
}

/**
 * Nearest-neighbour precision, recall, density and coverage of generated points `[m, d]` for real ones `[n, d]`. A ball is
 * closed, its radius the distance from a point to its k-th nearest neighbour in its own cloud. Shares are of weight, and
 * points without weight count for nothing. Computed on the host in float64 from all distances, storing none.
 *
 * @throws InvalidOption; on evaluation DimensionMismatch, InvalidArgument for a cloud of no more than k points
 * @see Kynkäänniemi and others, Improved precision and recall metric for assessing generative models, NeurIPS 2019
 * @see Naeem and others, Reliable fidelity and diversity metrics for generative models, ICML 2020
 */
export const neighbourReport = (
  options: NeighbourOptions = {},
): ((real: Measure, generated: Measure) => NeighbourReport) => {
  requireKnownKeys(['neighbours'])('neighbourReport', options)
  const k = requireInteger(1)('neighbourReport: neighbours', options.neighbours ?? 5)
  return (real, generated) => {
    requireSameDimension('neighbourReport', real, generated)
    const [x, y] = [weighted(toTyped(real)), weighted(toTyped(generated))]
    const [ofX, ofY] = [radii(x, k), radii(y, k)]
    const covered = new Float64Array(x.n)
    const recalled = new Float64Array(x.n)
    let [precise, inside] = [0, 0]
    for (let j = 0; j < y.n; j += 1) {
      let balls = 0
      for (let i = 0; i < x.n; i += 1) {
        const square = squaredDistance(x, i, y, j)
        if (square <= (ofX[i] ?? 0)) {
          balls += 1
          covered[i] = 1
        }
        if (square <= (ofY[j] ?? 0)) recalled[i] = 1
      }
      inside += (y.weights[j] ?? 0) * balls
      if (balls > 0) precise += y.weights[j] ?? 0
    }
    return {
      precision: precise / total(y.weights),
      recall: dot(x.weights, recalled) / total(x.weights),
      density: inside / (k * total(y.weights)),
      coverage: dot(x.weights, covered) / total(x.weights),
    }
  }
}

/** Without the points that have no weight. */
const weighted = ({ points, weights, n, d }: MeasureData): MeasureData => {
  const kept = Array.from({ length: n }, (_, i) => i).filter((i) => (weights[i] ?? 0) > 0)
  if (kept.length === n) return { points, weights, n, d }
  return {
    points: Float64Array.from(kept.flatMap((i) => Array.from(points.subarray(i * d, (i + 1) * d)))),
    weights: Float64Array.from(kept, (i) => weights[i] ?? 0),
    n: kept.length,
    d,
  }
}

/** The squared distance from each point to its k-th nearest neighbour in the cloud, itself not counted. */
const radii = (cloud: MeasureData, k: number): Float64Array => {
  if (cloud.n <= k)
    throw mongeError('InvalidArgument', 'neighbourReport', `expected more than ${k} points of positive weight, got ${cloud.n}`)
  return Float64Array.from({ length: cloud.n }, (_, i) => {
    const squares = new Float64Array(cloud.n)
    for (let j = 0; j < cloud.n; j += 1) squares[j] = j === i ? Infinity : squaredDistance(cloud, i, cloud, j)
    return squares.toSorted()[k - 1] ?? Infinity
  })
}

const squaredDistance = (x: MeasureData, i: number, y: MeasureData, j: number): number => {
  let sum = 0
  for (let k = 0; k < x.d; k += 1) {
    const step = (x.points[i * x.d + k] ?? 0) - (y.points[j * x.d + k] ?? 0)
    sum += step * step
  }
  return sum
}

const total = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0)

const dot = (values: ArrayLike<number>, others: Float64Array): number =>
  others.reduce((sum, other, i) => sum + other * (values[i] ?? 0), 0)
