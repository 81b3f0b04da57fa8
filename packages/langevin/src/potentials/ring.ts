import type { Place } from '@monge/backend'
import { requireKnownKeys, requirePositive } from '@monge/errors'
import type { Potential } from '../potential.js'
import { fromLoops } from './from-loops.js'

/** A ring, in space a shell, about 0. */
export interface RingOptions {
  /** 3 by default. */
  readonly radius?: number
  /** The standard deviation across it; 0.5 by default. */
  readonly width?: number
}

/**
 * `V(x) = (|x| - r)² / 2w²`, in any dimension, up to a constant. At the centre, where it has a kink, the gradient is 0.
 *
 * @throws InvalidOption
 */
export const ring = (options: RingOptions = {}): ((place: Place) => Potential) => {
  requireKnownKeys(['radius', 'width'])('ring', options)
  const radius = requirePositive('ring: radius', options.radius ?? 3)
  const precision = requirePositive('ring: width', options.width ?? 0.5) ** -2
  return fromLoops({
    name: 'ring',
    onHost: (points, d, gradient, value) => {
      for (let start = 0, row = 0; start < points.length; start += d, row++) {
        let square = 0
        for (let axis = 0; axis < d; axis++) square += (points[start + axis] as number) ** 2
        const distance = Math.sqrt(square)
        const factor = distance === 0 ? 0 : (precision * (distance - radius)) / distance
        for (let axis = 0; axis < d; axis++) gradient[start + axis] = factor * (points[start + axis] as number)
        if (value !== undefined) value[row] = 0.5 * precision * (distance - radius) ** 2
      }
    },
  })
}
