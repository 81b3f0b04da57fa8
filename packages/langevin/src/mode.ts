import { mongeError, requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { fieldAt } from './field.js'
import type { Potential } from './potential.js'

/** When a search ends. */
export interface ModeOptions {
  /** The most steps; 1000 by default. */
  readonly steps?: number
  /** The length of gradient that is taken for none; 1e-6 by default. */
  readonly tolerance?: number
}

/**
 * A local minimum of a potential, from a point on: gradient descent with the steps of Barzilai and Borwein, halved until
 * V falls. It ends after the most steps as well, wherever it is then.
 *
 * @returns `[d]`
 * @throws InvalidOption; Diverged where the potential is no finite number at the start
 * @see Barzilai, Borwein, Two-point step size gradient methods (1988)
 */
export const modeOf = (potential: Potential, start: readonly number[], options: ModeOptions = {}): readonly number[] => {
  requireKnownKeys(['steps', 'tolerance'])('modeOf', options)
  const most = requireInteger(0)('modeOf: steps', options.steps ?? 1000)
  const tolerance = requirePositive('modeOf: tolerance', options.tolerance ?? 1e-6)
  const d = start.length
  const look = (points: Float64Array): Place => {
    const { value, gradient } = fieldAt(potential, points, d)
    return { points, value: value[0] as number, gradient }
  }
  let here = look(Float64Array.from(start))
  if (!Number.isFinite(here.value)) throw mongeError('Diverged', 'modeOf', `the potential is ${here.value} at the start`)
  let step = 1 / Math.max(1, Math.hypot(...here.gradient))
  for (let k = 0; k < most && Math.hypot(...here.gradient) > tolerance; k++) {
    const next = fallen(here, step, look)
    if (next === undefined) break
    step = spectral(here, next)
    here = next
  }
  return Array.from(here.points)
}

interface Place {
  readonly points: Float64Array
  readonly value: number
  readonly gradient: Float64Array
}

const fallen = (from: Place, first: number, look: (points: Float64Array) => Place): Place | undefined => {
  for (let [halvings, step] = [0, first]; halvings < 50; halvings++, step /= 2) {
    const to = look(from.points.map((x, i) => x - step * (from.gradient[i] as number)))
    if (to.value < from.value) return to
  }
  return undefined
}

/** The length of the last move over that of the change of gradient: the inverse of a mean curvature along it. */
const spectral = (from: Place, to: Place): number => {
  let [moved, turned] = [0, 0]
  to.points.forEach((x, i) => {
    const move = x - (from.points[i] as number)
    moved += move * move
    turned += move * ((to.gradient[i] as number) - (from.gradient[i] as number))
  })
  return turned > 0 ? moved / turned : 1
}
