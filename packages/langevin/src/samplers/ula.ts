import { requireKnownKeys, requireNonNegative } from '@monge/errors'
import { fillNormal } from '@monge/random'
import { dimensionOf, keyOf, moveTo, pointsOf, startOf } from '../chain.js'
import { bringBack } from '../constraint.js'
import type { Constraint } from '../constraint.js'
import { chainsOn } from '../engine/moves.js'
import { requireDimension } from '../dimension.js'
import { requireFiniteChains } from '../diverged.js'
import { gradientAt } from '../field.js'
import { largestAt } from '../place.js'
import type { Potential } from '../potential.js'
import type { ChainState, Sampler, Step } from '../sampler.js'
import { scheduleOf } from '../schedule.js'
import type { Schedule } from '../schedule.js'
import { colour, factorise, multiplyRows } from '../symmetric.js'
import type { Factor, Symmetric } from '../symmetric.js'

/** Choices of the unadjusted Langevin algorithm. */
export interface UlaOptions {
  /** The time step η, or one for each iteration. */
  readonly step: number | Schedule
  /** The noise's temperature: 1 by default; at 0 it is gradient descent. */
  readonly temperature?: number
  /** M, a variance for each axis or a covariance like the target's: the step is `ηM`, the noise has covariance `2ηM`. */
  readonly preconditioner?: Symmetric
  /** Where particles must stay. */
  readonly constraint?: Constraint
}

/** What is worth knowing of an unadjusted step. */
export interface LangevinInfo {
  /** The length of the step, η. */
  readonly step: number
}

/**
 * The unadjusted Langevin algorithm: `x <- x - η M ∇V(x) + sqrt(2 η T) M^½ ξ`. It samples a distribution at a distance of
 * the order of η from the target: of N(0, 1), the variance `1 / (1 - η/2)`.
 *
 * @throws InvalidOption; Diverged, when a step leaves the numbers; DimensionMismatch
 * @see Roberts, Tweedie, Exponential convergence of Langevin distributions and their discrete approximations (1996)
 */
export const ula = (potential: Potential, options: UlaOptions): Sampler<ChainState, LangevinInfo> => {
  requireKnownKeys(['step', 'temperature', 'preconditioner', 'constraint'])('ula', options)
  const schedule = scheduleOf('ula: step', options.step)
  const temperature = requireNonNegative('ula: temperature', options.temperature ?? 1)
  const { constraint } = options
  const factorOf = preconditionerOf('ula: preconditioner', options.preconditioner)
  const scratch = scratchPair()
  const isPlain = constraint === undefined && factorOf === undefined
  const narrow = potential.place.precision === 'float32'

  const limit = largestAt(potential.place)

  const drawFor = (state: ChainState, iteration: number, white: Float64Array): void => {
    if (temperature === 0) white.fill(0)
    else fillNormal(white)(keyOf({ ...state, iteration }))
  }

  /** The same by WebAssembly, if it knows the potential and no number leaves the numbers on the way. */
  const leapFast = (state: ChainState, points: Float64Array, lengths: readonly number[]): ChainState | undefined => {
    if (!isPlain) return undefined
    const plan = Float64Array.from(lengths.flatMap((step) => [step, Math.sqrt(2 * step * temperature)]))
    const chains = chainsOn(potential.onHost, points.length, dimensionOf(state), plan)
    if (chains === undefined) return undefined
    chains.points.set(points)
    const { key, iteration } = state
    return chains.walk(...key.words, iteration, temperature === 0 ? 0 : 1, limit, narrow ? 1 : 0)
      ? moveTo('ula', potential, state, chains.points.slice(), lengths.length)
      : undefined
  }

  const leap = (state: ChainState, count: number): Step<ChainState, LangevinInfo> => {
    const [points, d] = [pointsOf(state), dimensionOf(state)]
    const lengths = Array.from({ length: count }, (_, k) => schedule(state.iteration + k))
    const info = { step: lengths.at(-1) as number }
    const moved = leapFast(state, points, lengths)
    if (moved !== undefined) return { state: moved, info }
    const [forGradient, white] = scratch(points.length)
    const factor = factorOf?.(d)
    const last = state.iteration + count - 1
    for (let iteration = state.iteration; iteration <= last; iteration++) {
      const step = lengths[iteration - state.iteration] as number
      const slopes = gradientAt(potential, points, d, forGradient)
      const gradient = factor === undefined ? slopes : multiplyRows(factor, slopes)
      drawFor(state, iteration, white)
      const noise = factor === undefined ? white : colour(factor, white)
      move(points, gradient, noise, step, Math.sqrt(2 * step * temperature))
      if (constraint !== undefined) bringBack(constraint, points, d)
      if (iteration === last) break
      requireFiniteChains('ula', points, d, iteration + 1, 'a coordinate', limit)
      // As if they had been in a tensor in between.
      if (narrow) round(points)
    }
    return { state: moveTo('ula', potential, state, points, count), info }
  }

  return {
    init: (key, start) => {
      requireDimension('ula: constraint', constraint?.domain.dimension, start.points.shape[1])
      factorOf?.(start.points.shape[1])
      return startOf('ula', potential, key, start)
    },
    step: (state) => leap(state, 1),
    leap,
  }
}

/** `x - step g + scale ξ`, in place. A loop in a function of its own is compiled for itself, and runs several times as fast. */
const move = (x: Float64Array, g: Float64Array, noise: Float64Array, step: number, scale: number): void => {
  for (let i = 0; i < x.length; i++) x[i] = (x[i] as number) - step * (g[i] as number) + scale * (noise[i] as number)
}

const round = (x: Float64Array): void => {
  for (let i = 0; i < x.length; i++) x[i] = Math.fround(x[i] as number)
}

/** Two arrays of a length, the same ones whenever the length is the same: nothing in them outlives a step. */
const scratchPair = (): ((length: number) => readonly [Float64Array, Float64Array]) => {
  let pair: readonly [Float64Array, Float64Array] = [new Float64Array(0), new Float64Array(0)]
  return (length) => {
    if (pair[0].length !== length) pair = [new Float64Array(length), new Float64Array(length)]
    return pair
  }
}

/** The factor of a preconditioner in the dimension that turns up, or undefined for the identity. */
export const preconditionerOf = (where: string, matrix: Symmetric | undefined): ((dimension: number) => Factor) | undefined => {
  if (matrix === undefined) return undefined
  let known = typeof matrix === 'number' ? factorise(where, matrix, 1) : factorise(where, matrix, matrix.length)
  return (dimension) => (known.dimension === dimension ? known : (known = factorise(where, matrix, dimension)))
}
