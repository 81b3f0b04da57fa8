import { mongeError, requirePositive } from '@monge/errors'
import type { Kernel } from './kernel.js'

/*
 * Kernels exp(-(|x - y| / width)^power), positive for every dimension where 0 < power <= 2 (Schoenberg, Metric spaces
 * and positive definite functions, 1938).
 */

/** `exp(-|x - y|^power / epsilon)` under a name. */
const powerExponential = (name: string, epsilon: number, power: number): Kernel => {
  const exponent = power / 2
  return {
    name,
    pairwise: { tag: 'radial', profile: { tag: 'exponential', scale: 1, rate: 1 / epsilon, shift: 0, exponent } },
    definiteness: 'positive',
    logarithm: { cost: { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent } }, epsilon },
  }
}

/**
 * `exp(-|x - y|² / 2σ²)`
 *
 * @throws InvalidOption if sigma is not a number above 0
 */
export const gaussian = (sigma: number): Kernel =>
  powerExponential(`gaussian ${sigma}`, 2 * requirePositive('gaussian: sigma', sigma) ** 2, 2)

/**
 * `exp(-|x - y|² / width²)`: the Gaussian by the distance at which it has fallen to 1/e, `sqrt(2) σ`.
 *
 * @throws InvalidOption if the width is not a number above 0
 */
export const gaussianOfWidth = (width: number): Kernel =>
  powerExponential(`gaussian of width ${width}`, requirePositive('gaussianOfWidth: width', width) ** 2, 2)

/**
 * `exp(-|x - y| / σ)`
 *
 * @throws InvalidOption if sigma is not a number above 0
 */
export const laplacian = (sigma: number): Kernel =>
  powerExponential(`laplacian ${sigma}`, requirePositive('laplacian: sigma', sigma), 1)

/**
 * `exp(-(|x - y| / width)^power)`, `0 < power <= 2`: the powered exponential kernel, with the Laplacian (power 1, the
 * default) and the Gaussian (power 2) among it.
 *
 * @throws InvalidOption if the width is not above 0 or the power not within (0, 2]
 */
export const exponential = (width: number, power = 1): Kernel => {
  requirePositive('exponential: width', width)
  if (requirePositive('exponential: power', power) > 2)
    throw mongeError('InvalidOption', 'exponential: power', `expected a number of at most 2, got ${power}`)
  return powerExponential(`exponential ${width} to the power ${power}`, width ** power, power)
}

/**
 * `exp(-sqrt(|x - y|² + smoothing²) / sigma)`: the Laplacian without its kink. Sigma is 1 by default.
 *
 * @throws InvalidOption if the smoothing or sigma is not a number above 0
 */
export const smoothedLaplacian = (smoothing: number, sigma = 1): Kernel => {
  const shift = requirePositive('smoothedLaplacian: smoothing', smoothing) ** 2
  const epsilon = requirePositive('smoothedLaplacian: sigma', sigma)
  const rate = 1 / epsilon
  return {
    name: `smoothed laplacian ${smoothing} ${sigma}`,
    pairwise: { tag: 'radial', profile: { tag: 'exponential', scale: 1, rate, shift, exponent: 0.5 } },
    definiteness: 'positive',
    logarithm: { cost: { tag: 'radial', profile: { tag: 'power', scale: 1, shift, exponent: 0.5 } }, epsilon },
  }
}
