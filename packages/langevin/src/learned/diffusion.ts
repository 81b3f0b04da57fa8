import { constant, tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError, requireInteger, requireNonNegative } from '@monge/errors'
import { fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, normal } from '@monge/random'
import type { Key } from '@monge/random'
import { add, clone, mul, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { ChainState, Sampler } from '../sampler.js'
import type { Score } from './score-model.js'

/** What a step of a sampler by noise levels tells. */
export interface LevelInfo {
  /** The noise level of the points after the step. */
  readonly level: number
}

/** A sampler that is at its end after `steps` steps; what is asked of it beyond stays where it is. */
export interface Diffusion extends Sampler<ChainState, LevelInfo> {
  readonly steps: number
}

/** Points `[count, dimension]` of independent normal numbers of this deviation: where samplers by noise levels begin. */
export const gaussianNoise =
  (count: number, dimension: number, deviation: number) =>
  (place: Place) =>
  (key: Key): Measure => {
    requireInteger(1)('gaussianNoise: count', count)
    requireInteger(1)('gaussianNoise: dimension', dimension)
    requireNonNegative('gaussianNoise: deviation', deviation)
    const data = normal(count * dimension)(key).map((value) => deviation * value)
    return measureOrThrow(fromArrays({ data, shape: [count, dimension] }, undefined, place))
  }

/** Normal numbers of the shape of the points. */
export const normalLike = (points: Tensor2D, key: Key): Tensor2D =>
  tensorFrom<Tensor2D>(normal(points.size)(key), points.shape)

/** `x + a v + b w`, at full precision. */
export const moved = (x: Tensor2D, ...terms: readonly (readonly [number, Tensor2D])[]): Tensor2D =>
  terms.reduce((sum, [factor, direction]) => (factor === 0 ? sum : add(sum, mul(direction, constant(factor)))), x)

/** A sampler of one move after another: `move` takes points from iteration t to t + 1 with a key of that step alone. */
export const diffusionOf = (
  where: string,
  score: Score,
  steps: number,
  levelAfter: (iteration: number) => number,
  move: (points: Tensor2D, iteration: number, key: Key) => Tensor2D,
): Diffusion => ({
  steps,
  init: (key, start) => {
    const [, dimension] = start.points.shape
    if (dimension !== score.dimension)
      throw mongeError('DimensionMismatch', where, `expected points of dimension ${score.dimension}, got ${dimension}`)
    const measure = score.place.within(() => ({ weights: clone(start.weights), points: clone(start.points) }))
    return { iteration: 0, key, measure }
  },
  step: (state) => {
    const { iteration, key, measure } = state
    const level = levelAfter(Math.min(iteration, steps - 1))
    if (iteration >= steps) return { state: { ...state, iteration: iteration + 1 }, info: { level } }
    const points = score.place.within(() => tidy(() => clone(move(measure.points, iteration, fold(iteration)(key)))))
    requireFinitePoints(where, iteration + 1, points)
    return { state: { iteration: iteration + 1, key, measure: { weights: measure.weights, points } }, info: { level } }
  },
})

/** Points that are all finite; others are freed, and reported. */
export const requireFinitePoints = (where: string, iteration: number, points: Tensor2D): void => {
  const bad = points.dataSync<'float32'>().findIndex((value) => !Number.isFinite(value))
  if (bad < 0) return
  const chain = Math.floor(bad / points.shape[1])
  points.dispose()
  throw mongeError('Diverged', where, `chain ${chain} is not finite at iteration ${iteration}`)
}
