import { tensorFrom } from '@monge/backend'
import { mongeError, requireBetween, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { meanSquareError } from '@monge/generators'
import type { Optimiser, Params } from '@monge/generators'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { categorical, fold, integers, normal, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { descent } from './descent.js'
import type { Descent } from './descent.js'
import { requireLevels } from './levels.js'
import type { ScoreModel } from './score-model.js'
import type { Training } from './training.js'

/** Choices of `scoreMatching`. */
export interface ScoreMatchingOptions<P extends Params> {
  readonly model: ScoreModel<P>
  /** The noise levels, all equally likely. */
  readonly levels: readonly number[]
  readonly optimiser: Optimiser
  /** How many samples a step sees, 128 by default. */
  readonly batch?: number
  /** What the square error at a level counts, `σ²` by default (Song and Ermon 2019, equation 6). */
  readonly weight?: (level: number) => number
  /** How much the average of parameters keeps in a step, 0.999 by default. */
  readonly averaging?: number
}

/** Where score matching is. */
export type ScoreTraining<P extends Params = Params> = Descent<P>

const optionNames = ['model', 'levels', 'optimiser', 'batch', 'weight', 'averaging']

/**
 * Denoising score matching (Vincent, A connection between score matching and denoising autoencoders, 2011) over noise
 * levels: steps go down `mean λ(σ) |s(y + σξ, σ) + ξ/σ|² / d` on samples y of the data, levels σ and normal ξ drawn anew
 * in each. At its least it is the score of the blurred data at every level.
 *
 * @throws InvalidOption; DimensionMismatch if the data's dimension is not the model's; Diverged where the loss leaves the
 *   numbers
 */
export const scoreMatching = <P extends Params>(
  options: ScoreMatchingOptions<P>,
): ((data: Measure) => Training<ScoreTraining<P>>) => {
  requireKnownKeys(optionNames)('scoreMatching', options)
  const { model, optimiser, weight = (level: number) => level * level } = options
  const levels = requireLevels('scoreMatching: levels', options.levels)
  levels.forEach((level) => requirePositive('scoreMatching: levels', level))
  const batch = requireInteger(1)('scoreMatching: batch', options.batch ?? 128)
  const averaging = requireBetween(0, 1)('scoreMatching: averaging', options.averaging ?? 0.999)
  // The error of the denoiser is σ² times that of the score.
  const weights = levels.map((level) => requirePositive('scoreMatching: weight', weight(level)) / level ** 4)
  const { place, dimension } = model
  return (data) => {
    const { points, weights: masses, d } = toTyped(data)
    if (d !== dimension)
      throw mongeError('DimensionMismatch', 'scoreMatching', `expected data of dimension ${dimension}, got ${d}`)

    const draw = (key: Key): readonly [clean: Float64Array, noisy: Float64Array, chosen: Int32Array] => {
      const [forSamples = key, forLevels = key, forNoise = key] = split(3)(key)
      const samples = categorical(masses, batch)(forSamples)
      const chosen = integers({ low: 0, high: levels.length }, batch)(forLevels)
      const noise = normal(batch * d)(forNoise)
      const clean = noise.map((_, entry) => points[(samples[Math.floor(entry / d)] ?? 0) * d + (entry % d)] ?? 0)
      const noisy = noise.map((xi, entry) => (clean[entry] ?? 0) + (levels[chosen[Math.floor(entry / d)] ?? 0] ?? 0) * xi)
      return [clean, noisy, chosen]
    }

    const lossOn = (key: Key) => {
      const [clean, noisy, chosen] = draw(key)
      return (params: P): Scalar => {
        const at = (values: readonly number[]): Tensor1D =>
          tensorFrom(Array.from(chosen, (level) => values[level] ?? 0), [batch])
        const clear = model.denoise(params, tensorFrom<Tensor2D>(noisy, [batch, d]), at(levels))
        return meanSquareError(clear, tensorFrom<Tensor2D>(clean, [batch, d]), at(weights))
      }
    }

    const { init, step } = descent({ where: 'scoreMatching', place, optimiser, averaging })
    return {
      init: (key) => init(key, model.init(fold(-1)(key))),
      step: (state) => step(state, (key) => ({ of: lossOn(key) })),
    }
  }
}
