import { tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError, requireInteger, requireKnownKeys, requireOneOf, requirePositive } from '@monge/errors'
import { normal } from '@monge/random'
import { add, exp, expandDims, matMul, mul, reshape, softmax, sum } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Generator } from '../generator.js'
import { normalNoise } from '../noise.js'
import { generatorAt } from '../pushforward.js'
import { membership, sharedWeights } from './shares.js'

/** Parameters of a Gaussian mixture of `k` components in dimension `d`. */
export interface GaussianMixtureParams {
  readonly [name: string]: Tensor
  /** `[k]`: the components' weights are their softmax. */
  readonly logits: Tensor1D
  /** `[k, d]` */
  readonly means: Tensor2D
  /** Logarithms of deviations, `[k, 1]` or `[k, d]`; or full, factors of covariances `L Lᵀ`, row by row, `[k, d d]`. */
  readonly scales: Tensor2D
}

/** Choices of `gaussianMixture`. */
export interface GaussianMixtureOptions {
  readonly components: number
  readonly dimension: number
  /** One deviation for each component, one for each coordinate too, or whole covariances. Default `isotropic`. */
  readonly covariance?: 'isotropic' | 'diagonal' | 'full'
  /** The deviation of the means at first, from the origin; default 1. */
  readonly spread?: number
  /** The deviation of each component at first; default 1. */
  readonly deviation?: number
}

/**
 * Gaussian mixtures: `sum_k softmax(logits)_k N(means_k, covariance_k)`. Of n points each component has `n / k`, which
 * share its weight, so that the measure is differentiable in the weights as well.
 *
 * Its points need at least one for each component: ask for no fewer.
 *
 * @throws InvalidOption; when it is applied, InvalidArgument for fewer points than components
 */
export const gaussianMixture = (options: GaussianMixtureOptions): ((place: Place) => Generator<GaussianMixtureParams>) => {
  requireKnownKeys(['components', 'dimension', 'covariance', 'spread', 'deviation'])('gaussianMixture', options)
  const k = requireInteger(1)('gaussianMixture: components', options.components)
  const d = requireInteger(1)('gaussianMixture: dimension', options.dimension)
  const covariance = requireOneOf(['isotropic', 'diagonal', 'full'])(
    'gaussianMixture: covariance',
    options.covariance ?? 'isotropic',
  )
  const spread = requirePositive('gaussianMixture: spread', options.spread ?? 1)
  const deviation = requirePositive('gaussianMixture: deviation', options.deviation ?? 1)
  const width = { isotropic: 1, diagonal: d, full: d * d }[covariance]
  const scale = (i: number): number =>
    covariance !== 'full' ? Math.log(deviation) : Math.floor((i % width) / d) === i % d ? deviation : 0
  return (place) =>
    generatorAt(
      place,
      normalNoise(d),
      (key) => ({
        logits: tensorFrom<Tensor1D>(new Float64Array(k), [k]),
        means: tensorFrom<Tensor2D>(normal(k * d)(key).map((value) => spread * value), [k, d]),
        scales: tensorFrom<Tensor2D>(
          Array.from({ length: k * width }, (_, i) => scale(i)),
          [k, width],
        ),
      }),
      ({ logits, means, scales }, noise) => {
        const n = noise.shape[0]
        requirePoints('gaussianMixture', n, k)
        const belongs = membership(n, k)
        const spreads = matMul<Tensor2D>(belongs, covariance === 'full' ? scales : exp(scales))
        const offsets =
          covariance === 'full'
            ? sum<Tensor2D>(mul(reshape(spreads, [n, d, d]), expandDims(noise, 1)), 2)
            : mul<Tensor2D>(spreads, noise)
        return { weights: sharedWeights(belongs, softmax(logits)), points: add(matMul(belongs, means), offsets) }
      },
    )
}

/** A mixture's components have a point each at least. */
export const requirePoints = (where: string, n: number, components: number): void => {
  if (n < components)
    throw mongeError('InvalidArgument', where, `expected at least ${components} points, one a component, got ${n}`)
}
