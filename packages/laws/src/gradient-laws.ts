import fc from 'fast-check'
import { dispose, memory } from '@tensorflow/tfjs-core'
import { valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { pairArbitrary } from './arbitraries/cloud.js'
import type { Cloud, CloudOptions, CloudPair } from './arbitraries/cloud.js'
import { largest, requireAllClose, requireClose, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { allowedError } from './loss-laws.js'
import { at, valueOf, withMeasures } from './with-measures.js'

/** How gradients are checked. */
export interface GradientLawOptions {
  /** The loss whose values are differenced; by default the loss itself. Give a float64 one to check one of float32. */
  readonly exact?: Loss
  /** Whether the loss is for equal masses only: weights then move along directions that keep the mass. */
  readonly balanced?: boolean
  /** Whether a translation of both measures leaves the loss: the gradients in the points then sum to zero. */
  readonly translationInvariant?: boolean
  /** The degree of homogeneity, for tolerances in proportion; see `lossLaws`. */
  readonly homogeneous?: number
  /** The size of the numbers whose rounding the value carries; see `lossLaws`. */
  readonly magnitude?: (pair: CloudPair) => number
  /** What it is tried on. By default near the origin, without the clusters that are finer than the differences. */
  readonly clouds?: CloudOptions
  /** Relative error of a derivative; by default 1e-6 in float64 and 2e-3 in float32. */
  readonly accuracy?: number
}

type Block = 'points of mu' | 'weights of mu' | 'points of nu' | 'weights of nu'

const blocks: readonly Block[] = ['points of mu', 'weights of mu', 'points of nu', 'weights of nu']

/**
 * The laws of the gradient of a loss: in points and weights of both measures it is the derivative of the values along a
 * random direction (by central differences of fourth order); it is finite, also between a measure and itself; it leaves
 * no tensor behind.
 *
 * Weights move in proportion to themselves: those that are zero stay.
 */
export const gradientLaws = (loss: Loss, options: GradientLawOptions = {}): readonly Law[] => {
  const clouds: CloudOptions = {
    settings: ['near'],
    shapes: ['uniform', 'weighted', 'zero weights', 'duplicates', 'single'],
    ...options.clouds,
  }
  const pairs = pairArbitrary(clouds)
  const scale = (pair: CloudPair): number => allowedError(loss, options)(pair) / (64 * unitOf(loss.place?.precision))
  const accuracy = (): number => options.accuracy ?? (unitOf(loss.place?.precision) < 1e-10 ? 1e-6 : 2e-3)
  const signs = fc.array(fc.integer({ min: -8, max: 8 }).map((eighths) => eighths / 8), { minLength: 64, maxLength: 64 })

  const derivative = (block: Block): Law =>
    law(`is the derivative in the ${block}`, fc.record({ pair: pairs, signs }), ({ pair, signs: directions }) => {
      const direction = directionIn(block, pair, directions, options.balanced === true)
      const found = total(gradientsOf(loss, pair)[block].map((slope, index) => slope * (direction[index] ?? 0)))
      const value = valueOf(options.exact ?? loss)
      const along = (by: number): number => {
        const { mu, nu } = moved(block, pair, direction, by)
        return value(mu, nu)
      }
      const ofPoints = block.startsWith('points')
      const expected = centralDifference(along, ofPoints ? pair.size : 1)
      // The derivative along a point's way is a value over a length; differences of values magnify their rounding.
      const unit = ofPoints ? scale(pair) / pair.size : scale(pair)
      requireClose('the derivative', found, expected, accuracy() * unit * Math.max(1, largest(direction) * direction.length))
    })

  return [
    ...blocks.map(derivative),
    law('is finite between any measure and another, and itself', pairs, ({ mu, nu, ...rest }) => {
      for (const pair of [{ mu, nu, ...rest }, { mu, nu: mu, ...rest }]) {
        const gradients = gradientsOf(loss, pair)
        for (const block of blocks)
          requireThat(`the gradient in the ${block} is not finite`, gradients[block].every(Number.isFinite))
      }
    }),
    law('leaves no tensor behind', pairs, ({ mu, nu }) => {
      at(loss.place, () =>
        withMeasures([mu, nu], (measures) => {
          const [from, to] = measures as [Measure, Measure]
          const before = memory().numTensors
          const { value, mu: ofMu, nu: ofNu } = valueAndGradient(loss)(from, to)
          dispose([value, ofMu.points, ofMu.weights, ofNu.points, ofNu.weights])
          const left = memory().numTensors - before
          requireThat(`the gradient leaves ${left} tensors behind`, left === 0)
        }),
      )
    }),
    ...(options.translationInvariant === true ? [forcesBalance(loss, pairs, accuracy, scale)] : []),
  ]
}

const forcesBalance = (
  loss: Loss,
  pairs: fc.Arbitrary<CloudPair>,
  accuracy: () => number,
  scale: (pair: CloudPair) => number,
): Law =>
  law('sums to zero over the points of both', pairs, (pair) => {
    const gradients = gradientsOf(loss, pair)
    const slopes = [...gradients['points of mu'], ...gradients['points of nu']]
    const sums = Array.from({ length: pair.dimension }, (_, axis) =>
      total(slopes.filter((__, position) => position % pair.dimension === axis)),
    )
    requireAllClose('the sum of the gradients', sums, sums.map(() => 0), (accuracy() * scale(pair)) / pair.size)
  })

const gradientsOf = (loss: Loss, { mu, nu }: CloudPair): Readonly<Record<Block, readonly number[]>> =>
  at(loss.place, () =>
    withMeasures([mu, nu], (measures) => {
      const [from, to] = measures as [Measure, Measure]
      const { value, mu: ofMu, nu: ofNu } = valueAndGradient(loss)(from, to)
      const gradients = {
        'points of mu': Array.from(ofMu.points.dataSync()),
        'weights of mu': Array.from(ofMu.weights.dataSync()),
        'points of nu': Array.from(ofNu.points.dataSync()),
        'weights of nu': Array.from(ofNu.weights.dataSync()),
      }
      dispose([value, ofMu.points, ofMu.weights, ofNu.points, ofNu.weights])
      return gradients
    }),
  )

const cloudOf = (block: Block, pair: CloudPair): Cloud => (block.endsWith('mu') ? pair.mu : pair.nu)

const directionIn = (block: Block, pair: CloudPair, signs: readonly number[], balanced: boolean): readonly number[] => {
  const { points, weights } = cloudOf(block, pair)
  const sign = (index: number): number => signs[index % signs.length] ?? 0
  if (block.startsWith('points')) return points.flat().map((_, index) => sign(index))
  const mean = balanced ? total(weights.map((weight, index) => weight * sign(index))) / total(weights) : 0
  return weights.map((weight, index) => weight * (sign(index) - mean))
}

const moved = (block: Block, pair: CloudPair, direction: readonly number[], by: number): CloudPair => {
  const { points, weights } = cloudOf(block, pair)
  const d = pair.dimension
  const changed = block.startsWith('points')
    ? { weights, points: points.map((point, row) => point.map((entry, axis) => entry + by * (direction[row * d + axis] ?? 0))) }
    : { points, weights: weights.map((weight, index) => weight + by * (direction[index] ?? 0)) }
  return block.endsWith('mu') ? { ...pair, mu: changed } : { ...pair, nu: changed }
}

/** The derivative at 0 with an error of fourth order in the step. */
const centralDifference = (along: (by: number) => number, unit: number): number => {
  // Points of one cloud either coincide or lie 2^-8 apart: neighbours never meet within the differences.
  const step = 2 ** -11 * unit
  return (8 * (along(step) - along(-step)) - (along(2 * step) - along(-2 * step))) / (12 * step)
}
