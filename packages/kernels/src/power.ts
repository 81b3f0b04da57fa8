import { mongeError, requirePositive } from '@monge/errors'
import type { Definiteness, Kernel } from './kernel.js'

/** `scale (|x - y|² + shift)^exponent` under a name. */
const shiftedPower = (
  name: string,
  scale: number,
  shift: number,
  exponent: number,
  definiteness: Definiteness,
): Kernel => ({
  name,
  pairwise: { tag: 'radial', profile: { tag: 'power', scale, shift, exponent } },
  definiteness,
})

/**
 * `-|x - y|^power`, `0 < power < 2`, by default 1: the kernel of the energy distance, conditionally positive (Székely
 * and Rizzo, Energy statistics, 2013).
 *
 * @throws InvalidOption if the power is not within (0, 2)
 */
export const energy = (power = 1): Kernel => {
  if (requirePositive('energy: power', power) >= 2)
    throw mongeError('InvalidOption', 'energy: power', `expected a number below 2, got ${power}`)
  return shiftedPower(power === 1 ? 'energy' : `energy ${power}`, -1, 0, power / 2, 'conditional')
}

/**
 * `(|x - y|² + offset²)^(-1/2)`: positive (Micchelli, 1986).
 *
 * @throws InvalidOption if the offset is not a number above 0
 */
export const inverseMultiquadric = (offset: number): Kernel =>
  shiftedPower(
    `inverse multiquadric ${offset}`,
    1,
    requirePositive('inverseMultiquadric: offset', offset) ** 2,
    -0.5,
    'positive',
  )

/**
 * `(|x - y|² + smoothing²)^(-1/4)`: a smoothed inverse root of the distance, positive.
 *
 * @throws InvalidOption if the smoothing is not a number above 0
 */
export const smoothedEnergy = (smoothing: number): Kernel =>
  shiftedPower(
    `smoothed energy ${smoothing}`,
    1,
    requirePositive('smoothedEnergy: smoothing', smoothing) ** 2,
    -0.25,
    'positive',
  )
