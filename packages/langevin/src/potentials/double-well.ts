import type { Place } from '@monge/backend'
import { requireKnownKeys, requirePositive } from '@monge/errors'
import type { Potential } from '../potential.js'
import { fromLoops } from './from-loops.js'

/** Two wells and a barrier between them. */
export interface DoubleWellOptions {
  /** V at the top of the barrier; 3 by default. */
  readonly barrier?: number
  /** How far from 0 each well is; 1 by default. */
  readonly distance?: number
}

/**
 * `V(x) = b ((x_1 / a)² - 1)² + ½ sum_(k>1) x_k²`, in any dimension, up to a constant: wells at `x_1 = ±a`.
 *
 * @throws InvalidOption
 */
export const doubleWell = (options: DoubleWellOptions = {}): ((place: Place) => Potential) => {
  requireKnownKeys(['barrier', 'distance'])('doubleWell', options)
  const barrier = requirePositive('doubleWell: barrier', options.barrier ?? 3)
  const distance = requirePositive('doubleWell: distance', options.distance ?? 1)
  return fromLoops({
    name: 'doubleWell',
    onHost: (points, d, gradient, value) => {
      for (let start = 0, row = 0; start < points.length; start += d, row++) {
        const scaled = (points[start] as number) / distance
        const depth = scaled * scaled - 1
        gradient[start] = (4 * barrier * scaled * depth) / distance
        let square = 0
        for (let axis = 1; axis < d; axis++) {
          const x = points[start + axis] as number
          gradient[start + axis] = x
          square += x * x
        }
        if (value !== undefined) value[row] = barrier * depth * depth + 0.5 * square
      }
    },
  })
}
