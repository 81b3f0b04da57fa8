import { exponentialTable } from '../exponential.js'
import type { HostField } from '../potential.js'
import { movesMachine } from './machine.js'
import type { Machine, Step } from './machine.js'

/** Chains in the memory of WebAssembly, there until others are made. */
export interface Chains {
  /** `[n, d]`, row-major */
  readonly points: Float64Array
  /** The noise of the next step, `[n, d]`. */
  readonly noise: Float64Array
  /** Moves all points by one step; false if some number may be beyond the limit. */
  readonly move: (...step: Step) => boolean
}

/** Makes chains of `length` numbers in dimension `d`, or tells that this cannot be done here. */
export type Mover = (length: number, d: number) => Chains | undefined

const movers = new WeakMap<HostField, Mover>()

/** Says how chains move on a field without its gradient being asked for: to the same points, bit for bit. */
export const withMover = (mover: Mover, field: HostField): HostField => {
  movers.set(field, mover)
  return field
}

/** Chains that move on a field in a fast way, if it has one. */
export const chainsOn = (field: HostField | undefined, length: number, d: number): Chains | undefined =>
  field === undefined ? undefined : movers.get(field)?.(length, d)

interface Rooms {
  readonly machine: Machine
  /** With zeros beyond the last chain: points at rest. */
  readonly points: Float64Array
  readonly noise: Float64Array
  /** Copies of what else is needed. */
  readonly places: readonly number[]
}

/** Rooms for padded points and noise, and copies of what else is needed; none where memory is short. */
const roomsFor = (length: number, padded: number, others: readonly Float64Array[]): Rooms | undefined => {
  const machine = movesMachine()
  if (machine === undefined) return undefined
  try {
    const [points, noise, ...rest] = machine.rooms([padded, padded, ...others.map((values) => values.length)])
    if (points === undefined || noise === undefined) return undefined
    points.fill(0, length)
    noise.fill(0, length)
    rest.forEach((room, k) => room.set(others[k] ?? []))
    return { machine, points, noise, places: rest.map(({ byteOffset }) => byteOffset) }
  } catch {
    return undefined
  }
}

const chainsIn = ({ points, noise }: Rooms, length: number, move: Chains['move']): Chains => ({
  points: points.subarray(0, length),
  noise: noise.subarray(0, length),
  move,
})

/** On a Gaussian of independent axes. */
export const gaussianMover =
  (mean: Float64Array, precision: Float64Array): Mover =>
  (length, d) => {
    // Vectors hold two numbers.
    const period = d % 2 === 0 ? d : 2 * d
    const count = period * Math.ceil(length / period)
    const axes = Float64Array.from({ length: 2 * period }, (_, i) => (i < period ? mean : precision)[i % d] ?? 0)
    const rooms = roomsFor(length, count, [axes])
    if (rooms === undefined) return undefined
    const { machine, points, noise, places } = rooms
    const [at = 0] = places
    return chainsIn(
      rooms,
      length,
      (...step) => machine.exports.gaussian(points.byteOffset, noise.byteOffset, count, at, period, ...step) === 1,
    )
  }

/** On a mixture of round Gaussians in the plane, by rows of five numbers each. */
export const mixtureMover =
  (rows: Float64Array): Mover =>
  (length) => {
    const modes = rows.length / 5
    const count = 2 * Math.ceil(length / 4)
    const rooms = roomsFor(length, 2 * count, [rows, exponentialTable, new Float64Array(2 * modes)])
    if (rooms === undefined) return undefined
    const { machine, points, noise, places } = rooms
    const [terms = 0, table = 0, logs = 0] = places
    return chainsIn(
      rooms,
      length,
      (...step) =>
        machine.exports.mixture(points.byteOffset, noise.byteOffset, count, terms, modes, table, logs, ...step) === 1,
    )
  }
