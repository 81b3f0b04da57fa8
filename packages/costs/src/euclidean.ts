import { requirePositive } from '@monge/errors'
import type { Cost } from './cost.js'
import { powerDual } from './power-dual.js'

/** `scale |x - y|^p` under a name. */
const euclideanPower = (name: string, scale: number, p: number): Cost => ({
  name,
  pairwise: { tag: 'radial', profile: { tag: 'power', scale, shift: 0, exponent: p / 2 } },
  symmetric: true,
  translationInvariant: true,
  metric: p <= 1,
  degree: p,
  ...(p > 1 && { legendreDual: powerDual(scale, 2, p) }),
})

/** `|x - y|²`. Dual: `|w|² / 4`. */
export const squaredEuclidean: Cost = euclideanPower('squared Euclidean', 1, 2)

/** `|x - y|² / 2`: what GeomLoss means by p = 2. Dual: `|w|² / 2`. */
export const halfSquaredEuclidean: Cost = euclideanPower('half squared Euclidean', 0.5, 2)

/** `|x - y|`: a metric. Its gradient is taken to be zero at coinciding points. */
export const euclidean: Cost = euclideanPower('Euclidean', 1, 1)

/**
 * `|x - y|^p`, `p > 0`: a metric for `p <= 1`, with a Legendre dual for `p > 1`.
 *
 * @throws InvalidOption if p is not a number above 0
 */
export const power = (p: number): Cost =>
  euclideanPower(`Euclidean to the power ${p}`, 1, requirePositive('power: p', p))

/**
 * `|x - y|^p / p`, `p > 0`, whose Legendre dual is `|w|^q / q` with `1/p + 1/q = 1`.
 *
 * @throws InvalidOption if p is not a number above 0
 */
export const normalisedPower = (p: number): Cost =>
  euclideanPower(`Euclidean to the power ${p}, over ${p}`, 1 / requirePositive('normalisedPower: p', p), p)
