import { constant } from '@monge/backend'
import { mongeError, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { fold } from '@monge/random'
import type { Key } from '@monge/random'
import { add, div, mean, mul, norm, square, sqrt } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import { diffusionOf, moved, normalLike } from './diffusion.js'
import type { Diffusion } from './diffusion.js'
import { requireLevels } from './levels.js'
import type { Score } from './score-model.js'

/** Langevin steps at the new noise level, after each step of the equation. */
export interface CorrectorOptions {
  /** How many, 1 by default. */
  readonly steps?: number
  /** The size of a step's drift as a part of that of its noise, 0.16 by default. */
  readonly ratio?: number
}

/** Choices of `reverseDiffusion`. */
export interface ReverseDiffusionOptions {
  /** Noise levels that fall; the last may be 0, and is then reached by a step of denoising, without noise. */
  readonly levels: readonly number[]
  readonly corrector?: CorrectorOptions
}

/**
 * The stochastic differential equation that takes noise to data, `dx = -s(x, σ) d(σ²) + sqrt(d(σ²)) dw` with σ falling
 * (variance exploding; Song et al., Score-based generative modeling through stochastic differential equations, 2021,
 * equations 6 and 9), by Euler and Maruyama's steps from level to level:
 * `x + (σ² - σ'²) s(x, σ) + sqrt(σ² - σ'²) ξ`. With a `corrector`, Langevin steps follow at the new level,
 * `x + ε s + sqrt(2ε) ξ` with `ε = 2 (ratio |ξ| / |s|)²` by mean lengths over the chains (algorithms 1 and 4).
 *
 * @throws InvalidOption; when it runs, DimensionMismatch, and Diverged with the chain and the iteration
 */
export const reverseDiffusion = (options: ReverseDiffusionOptions): ((score: Score) => Diffusion) => {
  const where = 'reverseDiffusion'
  requireKnownKeys(['levels', 'corrector'])(where, options)
  const levels = requirePath(where, options.levels)
  const correct = options.corrector === undefined ? undefined : correctorOf(where, options.corrector)
  return (score) =>
    diffusionOf(where, score, levels.length - 1, (iteration) => levels[iteration + 1] ?? 0, (points, iteration, key) => {
      const [from, to] = [levels[iteration] ?? 0, levels[iteration + 1] ?? 0]
      const time = from * from - to * to
      const drift: readonly [number, Tensor2D] = [time, score.at(points, from)]
      if (to === 0) return moved(points, drift)
      const predicted = moved(points, drift, [Math.sqrt(time), normalLike(points, fold(0)(key))])
      return correct === undefined ? predicted : correct(score, predicted, to, fold(1)(key))
    })
}

/**
 * The ordinary differential equation with the same marginals, `dx/dσ = -σ s(x, σ)` (Song et al. 2021, equation 13), by
 * Heun's steps from level to level (Karras et al. 2022, algorithm 1), the last to 0 by Euler's. It has no noise but
 * that of the start: equal starts have equal ends.
 *
 * @throws InvalidOption; when it runs, DimensionMismatch, and Diverged with the chain and the iteration
 */
export const probabilityFlow = (options: { readonly levels: readonly number[] }): ((score: Score) => Diffusion) => {
  const where = 'probabilityFlow'
  requireKnownKeys(['levels'])(where, options)
  const levels = requirePath(where, options.levels)
  return (score) =>
    diffusionOf(where, score, levels.length - 1, (iteration) => levels[iteration + 1] ?? 0, (points, iteration) => {
      const [from, to] = [levels[iteration] ?? 0, levels[iteration + 1] ?? 0]
      const first = score.at(points, from)
      const there = moved(points, [from * (from - to), first])
      if (to === 0) return there
      return moved(points, [(from * (from - to)) / 2, first], [(to * (from - to)) / 2, score.at(there, to)])
    })
}

const requirePath = (where: string, levels: readonly number[]): readonly number[] => {
  const path = requireLevels(`${where}: levels`, levels)
  if (path.length < 2) throw mongeError('InvalidOption', `${where}: levels`, 'expected at least two')
  return path
}

type Correct = (score: Score, points: Tensor2D, level: number, key: Key) => Tensor2D

const correctorOf = (where: string, options: CorrectorOptions): Correct => {
  requireKnownKeys(['steps', 'ratio'])(`${where}: corrector`, options)
  const steps = requireInteger(1)(`${where}: corrector: steps`, options.steps ?? 1)
  const ratio = requirePositive(`${where}: corrector: ratio`, options.ratio ?? 0.16)
  const length = (rows: Tensor2D): Scalar => mean(norm(rows, 2, 1))
  return (score, points, level, key) =>
    Array.from({ length: steps }).reduce<Tensor2D>((x, _, index) => {
      const [slope, noise] = [score.at(x, level), normalLike(x, fold(index)(key))]
      const size: Scalar = mul(square(div(length(noise), length(slope))), constant(2 * ratio * ratio))
      return add(add(x, mul(slope, size)), mul(noise, sqrt(mul(size, constant(2)))))
    }, points)
}
