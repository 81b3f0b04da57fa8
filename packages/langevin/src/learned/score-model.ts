import { constant } from '@monge/backend'
import type { Backend, Place } from '@monge/backend'
import { requireKnownKeys, requireOneOf, requirePositive } from '@monge/errors'
import { rowsOver } from '@monge/generators'
import type { Params } from '@monge/generators'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import { add, div, expandDims, fill, log, mul, neg, sqrt, square, squeeze, sub, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { density } from '../potentials/density.js'
import type { NoiseNetwork } from './network.js'

/**
 * The score `∇ log p_σ` of data blurred by Gaussian noise of standard deviation σ, at points `[n, d]`: `[n, d]`. This is
 * all that the samplers ask for, and it may be known or learned.
 */
export interface Score {
  readonly place: Place
  readonly dimension: number
  at(points: Tensor2D, level: number): Tensor2D
}

/** A score with parameters, for points `[n, d]` each at a level of its own `[n]`. */
export interface ScoreModel<P extends Params = Params> {
  readonly place: Place
  readonly dimension: number
  init(key: Key): P
  /** The mean of the clean points that a noisy one may come from, `E[y | y + σξ = x]`: `[n, d]`. */
  denoise(params: P, points: Tensor2D, levels: Tensor1D): Tensor2D
  /** `(denoise - x) / σ²`, by Tweedie's formula: `[n, d]`. */
  score(params: P, points: Tensor2D, levels: Tensor1D): Tensor2D
}

/** What a model is made of. */
export interface ScoreModelOptions<P extends Params> {
  readonly network: NoiseNetwork<P>
  /** The standard deviation of a coordinate of the data, 1 by default. */
  readonly deviation?: number
  /**
   * What the network gives: the `correction` of the noisy point (the default), or the clean `data` themselves, which
   * suits data on few dimensions among many, of which a network narrower than the space can still tell.
   */
  readonly predicts?: 'correction' | 'data'
}

/**
 * The model whose denoiser is `c² x + cσ F(x / r, log σ)` with `r² = σ² + s²`, `c = s/r` and s the deviation of the data:
 * what F has to learn then has unit variance at every level, and the untrained model is the score of a Gaussian (Karras,
 * Aittala, Aila and Laine, Elucidating the design space of diffusion-based generative models, 2022, table 1). One that `predicts` the `data` has
 * the denoiser `s F(x / r, log σ)`.
 *
 * @throws InvalidOption
 */
export const scoreModel = <P extends Params>(options: ScoreModelOptions<P>): ((place: Place) => ScoreModel<P>) => {
  requireKnownKeys(['network', 'deviation', 'predicts'])('scoreModel', options)
  const { network } = options
  const deviation = requirePositive('scoreModel: deviation', options.deviation ?? 1)
  const predicts = requireOneOf(['correction', 'data'])('scoreModel: predicts', options.predicts ?? 'correction')
  return (place) => {
    const denoise = (params: P, points: Tensor2D, levels: Tensor1D): Tensor2D => {
      const variance = constant(deviation * deviation)
      const column = expandDims(levels, 1)
      const total = add(square(column), variance)
      const radius = sqrt(total)
      const raw = network.apply(params, rowsOver(points, squeeze(radius, [1])), log(levels))
      if (predicts === 'data') return mul(raw, constant(deviation))
      return add(mul(points, div(variance, total)), mul(raw, mul(div(column, radius), constant(deviation))))
    }
    const inPlace = (body: () => Tensor2D): Tensor2D => place.within(() => tidy(body))
    return {
      place,
      dimension: network.dimension,
      init: (key) => place.within(() => network.init(key)),
      denoise: (params, points, levels) => inPlace(() => denoise(params, points, levels)),
      score: (params, points, levels) =>
        inPlace(() => div(sub(denoise(params, points, levels), points), square(expandDims(levels, 1))) as Tensor2D),
    }
  }
}

/** The score of a model with these parameters, which stay the caller's. */
export const learnedScore =
  <P extends Params>(model: ScoreModel<P>) =>
  (params: P): Score => ({
    place: model.place,
    dimension: model.dimension,
    at: (points, level) =>
      model.place.within(() => tidy(() => model.score(params, points, fill([points.shape[0]], level, 'float32')))),
  })

/**
 * The score of samples blurred by Gaussian noise, exactly: minus the gradient of their kernel density of bandwidth σ.
 * What a model would learn that had the samples by heart.
 */
export const sampleScore =
  (samples: Measure) =>
  <V>(backend: Backend<V>): Score => {
    const [, dimension] = samples.points.shape
    return {
      place: backend,
      dimension,
      at: (points, level) =>
        backend.within(() => tidy(() => neg(density(samples, { bandwidth: level })(backend).gradient(points)))),
    }
  }
