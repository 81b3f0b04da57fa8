import { exponentialTable } from '../exponential.js'
import type { HostField } from '../potential.js'
import { movesMachine } from './machine.js'
import type { Machine, Walk } from './machine.js'

/** Chains in the memory of WebAssembly, there until others are made. */
export interface Chains {
  /** `[n, d]`, row-major */
  readonly points: Float64Array
  /** Takes all steps of the plan; false if some number on the way may be beyond the limit. */
  readonly walk: (...walk: Walk) => boolean
}

/**
 * Makes chains of `length` numbers in dimension `d` for a plan, the length and the scale of the noise of each step; or tells
 * that this cannot be done here.
 */
export type Mover = (length: number, d: number, plan: Float64Array) => Chains | undefined

const movers = new WeakMap<HostField, Mover>()

/** Says how chains move on a field without its gradient being asked for: to the same points, bit for bit. */
export const withMover = (mover: Mover, field: HostField): HostField => {
  movers.set(field, mover)
  return field
}

/** Chains that move on a field in a fast way, if it has one. */
export const chainsOn = (
  field: HostField | undefined,
  length: number,
  d: number,
  plan: Float64Array,
): Chains | undefined => (field === undefined ? undefined : movers.get(field)?.(length, d, plan))

interface Rooms {
  readonly machine: Machine
  readonly points: Float64Array
  /** Where copies of what else is needed are. */
  readonly places: readonly number[]
}

/** Room for points, padded with zeros to a multiple of four, and copies of what else is needed; none where memory is short. */
const roomsFor = (length: number, others: readonly Float64Array[]): Rooms | undefined => {
  const machine = movesMachine()
  if (machine === undefined) return undefined
  try {
    const [points, ...rest] = machine.rooms([4 * Math.ceil(length / 4), ...others.map((values) => values.length)])
    if (points === undefined) return undefined
    points.fill(0, length)
    rest.forEach((room, k) => room.set(others[k] ?? []))
    return { machine, points, places: rest.map(({ byteOffset }) => byteOffset) }
  } catch {
    return undefined
  }
}

/** About so many numbers axes are laid out for, so that the loop over them is long. */
const stretch = 128

/** On a Gaussian of independent axes. */
export const gaussianMover =
  (mean: Float64Array, precision: Float64Array): Mover =>
  (length, d, plan) => {
    // Vectors hold two numbers.
    const period = 2 * d * Math.ceil(stretch / (2 * d))
    const axes = Float64Array.from({ length: 2 * period }, (_, i) => (i < period ? mean : precision)[i % d] ?? 0)
    const rooms = roomsFor(length, [plan, axes])
    if (rooms === undefined) return undefined
    const { machine, points, places } = rooms
    const [steps = 0, at = 0] = places
    return {
      points: points.subarray(0, length),
      walk: (...walk) =>
        machine.exports.gaussian(points.byteOffset, points.length, at, period, steps, plan.length / 2, ...walk) === 1,
    }
  }

/** On a mixture of round Gaussians in the plane, by rows of five numbers each. */
export const mixtureMover =
  (rows: Float64Array): Mover =>
  (length, _, plan) => {
    const modes = rows.length / 5
    const rooms = roomsFor(length, [plan, rows, exponentialTable, new Float64Array(2 * modes)])
    if (rooms === undefined) return undefined
    const { machine, points, places } = rooms
    const [steps = 0, terms = 0, ...more] = places
    const [table = 0, logs = 0] = more
    return {
      points: points.subarray(0, length),
      walk: (...walk) =>
        machine.exports.mixture(
          points.byteOffset,
          points.length,
          terms,
          modes,
          table,
          logs,
          steps,
          plan.length / 2,
          ...walk,
        ) === 1,
    }
  }
