import type { Place } from '@monge/backend'
import { requireFinite, requireKnownKeys, requirePositive } from '@monge/errors'
import type { Potential } from '../potential.js'
import { fromLoops } from './from-loops.js'

/** A Gaussian bent along a parabola. */
export interface BananaOptions {
  /** How much it bends; 0.5 by default. */
  readonly curvature?: number
  /** The standard deviation along the first axis, 2 by default; across it is 1. */
  readonly spread?: number
}

/**
 * `V(x) = x_1² / 2s² + ½ (x_2 - b (x_1² - s²))² + log(2π s)`, in the plane: the image of a Gaussian under a map that
 * keeps areas, so that `exp(-V)` has mass 1. Its mean is 0, its variances are `s²` and `1 + 2 b² s⁴`.
 *
 * @throws InvalidOption
 * @see Haario, Saksman, Tamminen, Adaptive proposal distribution for random walk Metropolis algorithm (1999)
 */
export const banana = (options: BananaOptions = {}): ((place: Place) => Potential) => {
  requireKnownKeys(['curvature', 'spread'])('banana', options)
  const b = requireFinite('banana: curvature', options.curvature ?? 0.5)
  const s = requirePositive('banana: spread', options.spread ?? 2)
  const constant = Math.log(2 * Math.PI * s)
  return fromLoops({
    name: 'banana',
    dimension: 2,
    onHost: (points, _, gradient, value) => {
      for (let i = 0; i < points.length; i += 2) {
        const along = points[i] as number
        const across = (points[i + 1] as number) - b * (along * along - s * s)
        gradient[i] = along / (s * s) - 2 * b * along * across
        gradient[i + 1] = across
        if (value !== undefined) value[i / 2] = 0.5 * ((along / s) ** 2 + across * across) + constant
      }
    },
  })
}
