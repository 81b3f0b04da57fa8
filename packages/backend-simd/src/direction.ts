import type { Corners, Pairwise, Profile } from '@monge/backend'
import { scalarProfile } from '@monge/backend'
import { strideOf } from './cloud.js'
import type { Cloud } from './cloud.js'
import { codes, geometryFields, kinds, operations, formats, stepBytes } from './layout.js'
import { chunkRows } from './machine.js'
import type { Machine } from './machine.js'
import { mostChunks } from './pool.js'
import { programOf, slopeProgramOf, writeProgram } from './program.js'
import type { Step } from './program.js'

/** What the kernels compute, one way round: rows of `from` against columns of `to`. */
export interface Direction {
  readonly rows: number
  readonly columns: number
  readonly stride: number
  readonly dimension: number
  /**
   * The geometry's address, with points of the formats that a job needs. Where exponents are costs over `epsilon`, those that
   * are stored may do for points in float64.
   */
  readonly address: (formats: readonly (4 | 8)[], epsilon?: number) => number
  /** The columns' points in float64, coordinate by coordinate. */
  readonly columnPoints: () => number
  /** Puts the columns' points there point by point, too; false, or undefined, where plans are not to be taken as sparse. */
  readonly preparePoints: ((epsilon: number) => boolean) | undefined
  /** What the kernels' costs, and their slopes, are still to be multiplied by. */
  readonly scale: number
  readonly slopeScale: number
  /** Whether the costs were given as a matrix: the other way is then a copy of it. */
  readonly given: boolean
  /** A bound of the absolute costs. */
  readonly most: number
  /** Whether costs are multiples of squared distances in few dimensions, of clouds about zero: there are short expansions then. */
  readonly expands: boolean
  /** Counts uses; costs that are dear to compute are stored at the third, if the budget allows. */
  readonly use: (times: number) => void
  readonly dispose: () => void
}

/** A cost that the kernels know. */
export interface KnownCost {
  readonly kind: number
  readonly value: readonly Step[]
  readonly slope: readonly Step[]
  readonly scale: number
  readonly slopeScale: number
  readonly order: number
  readonly exponent: number
  /** Whether a cost takes so long to compute that reading it is better, in few dimensions too. */
  readonly dear: boolean
  readonly most: (box: Corners) => number
}

/** The cost as the kernels know it, or undefined: then its matrix must be computed elsewhere. */
export const knownCost = (pairwise: Pairwise): KnownCost | undefined => {
  switch (pairwise.tag) {
    case 'radial':
      return radialCost(pairwise.profile)
    case 'lp': {
      const { order, exponent, scale } = pairwise
      const most = (box: Corners): number =>
        Math.abs(scale) * sides(box).reduce((sum, side) => sum + side ** order, 0) ** exponent
      return { kind: kinds.lp, value: [], slope: [], scale, slopeScale: scale * exponent * order, order, exponent, dear: order !== 1 && order !== 2, most }
    }
    default:
      return undefined
  }
}

const radialCost = (profile: Profile): KnownCost | undefined => {
  const [value, slope, scalar] = [programOf(profile), slopeProgramOf(profile), scalarProfile(profile)]
  if (value === undefined || slope === undefined || scalar === undefined) return undefined
  // Profiles of costs are monotone; of any other this is a guess that costs time or digits, not correctness.
  const most = (box: Corners): number =>
    Math.max(Math.abs(scalar.value(0)), Math.abs(scalar.value(squaredDiagonal(box))))
  return {
    kind: kinds.radial,
    value: value.steps,
    slope: slope.steps,
    scale: value.scale,
    slopeScale: slope.scale,
    order: 2,
    exponent: 1,
    dear: value.steps.some(({ code, exponent }) => code === codes.power && !quick.includes(exponent)),
    most,
  }
}

const quick = [0, 1, 2, 0.5, -0.5, -0.25, -1]

/** The dimension from which on a distance is read faster than computed. */
const manyDimensions = 8

/** So few entries are stored in both formats. */
const fewEntries = 2 ** 15

/**
 * How many times epsilon costs may be for distances of float32 coordinates to do for exponents: these are then right to
 * some millionths. What coordinates have been rounded by cancels more, the more there are.
 */
const nearRange = (dimension: number): number => Math.min(512, 64 * Math.sqrt(dimension))

const squaredDiagonal = ({ low, high }: Corners): number => {
  let sum = 0
  for (let k = 0; k < low.length; k++) sum += (high[k] - low[k]) ** 2
  return sum
}

const sides = ({ low, high }: Corners): Float64Array => low.map((from, k) => high[k] - from)

/** A direction over points. */
export const pointDirection = (machine: Machine, cost: KnownCost, from: Cloud, to: Cloud, most: number): Direction => {
  const { heap } = machine
  const stride = strideOf(to.count)
  const length = 96 + stepBytes * (cost.value.length + cost.slope.length)
  const at = heap.allocate(length)
  const { buffer } = heap.int32(at, 1)
  new Uint8Array(buffer, at, length).fill(0)
  const view = new DataView(buffer, at, length)
  const [value, slope] = [at + 96, at + 96 + stepBytes * cost.value.length]
  const set = (field: number, number: number): void => view.setInt32(field, number, true)
  set(geometryFields.kind, cost.kind)
  set(geometryFields.dimension, from.dimension)
  set(geometryFields.rows, from.count)
  set(geometryFields.columns, to.count)
  set(geometryFields.stride, stride)
  set(geometryFields.value, value)
  set(geometryFields.valueLength, cost.value.length)
  set(geometryFields.slope, slope)
  set(geometryFields.slopeLength, cost.slope.length)
  view.setFloat64(geometryFields.order, cost.order, true)
  view.setFloat64(geometryFields.exponent, cost.exponent, true)
  writeProgram(cost.value, new DataView(buffer, value, stepBytes * cost.value.length))
  writeProgram(cost.slope, new DataView(buffer, slope, stepBytes * cost.slope.length))
  const own = machine.precision === 'float64' ? 8 : 4
  const worthStoring = cost.dear || from.dimension >= manyDimensions
  const squaresOfMany =
    from.dimension >= manyDimensions && cost.kind === kinds.radial && cost.value.length === 0 && cost.slope.length === 0
  const inBoth = squaresOfMany && own === 4 && from.count * stride <= fewEntries
  const bytes = from.count * stride * (inBoth ? 12 : own)
  let uses = 0
  let dense: number | undefined
  /** Whether stored costs do for exponents at epsilon. */
  const doFor = (epsilon: number): boolean => inBoth && dense !== undefined && most < nearRange(from.dimension) * epsilon
  const address = (widths: readonly (4 | 8)[], epsilon = 0): number => {
    const near = doFor(epsilon)
    if (inBoth) heap.int32(at + geometryFields.dense64, 1)[0] = near && dense !== undefined ? dense + bytes / 3 : 0
    for (const width of near ? ([4] as const) : widths) {
      // Writing the points may grow the memory, and with it end the view: each is written before the next view.
      const [points, others] = [from.rows(width), inBoth && width === 4 && dense !== undefined ? 0 : to.columns(width)]
      heap.int32(at + pointFields[width].rows, 1)[0] = points
      heap.int32(at + pointFields[width].columns, 1)[0] = others
    }
    return at
  }
  /** Memory for the costs; where there is none, they are computed each time, as where the budget is spent. */
  const roomForCosts = (): number | undefined => {
    if (!machine.reserve(bytes)) return undefined
    try {
      return heap.allocate(bytes)
    } catch {
      machine.giveBack(bytes)
      return undefined
    }
  }
  const storeBoth = (): void => {
    const [points, others] = [from.rows(4), to.rows(4)]
    dense = roomForCosts()
    if (dense === undefined) return
    const fields = heap.int32(at, 24)
    fields[geometryFields.rowPoints32 / 4] = points
    fields[geometryFields.columnRows32 / 4] = others
    fields[geometryFields.denseBytes / 4] = 4
    fields[geometryFields.dense / 4] = dense
    fields[geometryFields.dense64 / 4] = dense + bytes / 3
    machine.perform({
      format: formats.float32,
      geometry: at,
      end: from.count,
      chunk: from.count,
      operation: operations.storePrecisely,
      flags: Number(from === to),
      alone: true,
    })
  }
  const storeCosts = (): void => {
    dense = roomForCosts()
    if (dense === undefined) return
    const job = {
      format: own === 8 ? formats.float64 : formats.float32,
      geometry: address([own]),
      end: from.count,
      chunk: chunkRows(from.count, to.count, from === to ? 32 : mostChunks),
      out: dense,
    }
    machine.perform({ ...job, operation: operations.storeCosts, flags: Number(from === to) })
    if (from === to) machine.perform({ ...job, operation: operations.mirror })
    const fields = heap.int32(at, 24)
    fields[geometryFields.denseBytes / 4] = own
    fields[geometryFields.dense / 4] = dense
  }
  return {
    rows: from.count,
    columns: to.count,
    stride,
    dimension: from.dimension,
    address,
    columnPoints: () => to.columns(8),
    preparePoints: squaresOfMany
      ? (epsilon) => {
          if (doFor(epsilon)) return false
          const points = to.rows(8)
          heap.int32(at + geometryFields.columnRows64, 1)[0] = points
          return true
        }
      : undefined,
    use: (times) => {
      const before = uses
      uses += times
      if (!worthStoring || before >= 3 || uses < 3) return
      if (inBoth) storeBoth()
      else storeCosts()
    },
    given: false,
    scale: cost.scale,
    slopeScale: cost.slopeScale,
    most,
    expands: cost.kind === kinds.radial && cost.value.length === 0 && cost.scale > 0 && from.dimension < 4,
    dispose: () => {
      heap.free(at)
      if (dense === undefined) return
      heap.free(dense)
      machine.giveBack(bytes)
    },
  }
}

const pointFields = {
  4: { rows: geometryFields.rowPoints32, columns: geometryFields.columnPoints32 },
  8: { rows: geometryFields.rowPoints64, columns: geometryFields.columnPoints64 },
}

/** A direction over a matrix of the machine's format, rows `stride` apart, at `entries`; it is not freed with it. */
export const denseDirection = (
  machine: Machine,
  rows: number,
  columns: number,
  dimension: number,
  entries: number,
  scale: number,
  most: number,
): Direction => {
  const { heap, precision } = machine
  const at = heap.allocate(96)
  const view = new DataView(heap.int32(at, 24).fill(0).buffer, at, 96)
  const stride = strideOf(columns)
  view.setInt32(geometryFields.dimension, dimension, true)
  view.setInt32(geometryFields.rows, rows, true)
  view.setInt32(geometryFields.columns, columns, true)
  view.setInt32(geometryFields.stride, stride, true)
  view.setInt32(geometryFields.dense, entries, true)
  view.setInt32(geometryFields.denseBytes, precision === 'float64' ? 8 : 4, true)
  return {
    rows,
    columns,
    stride,
    dimension,
    address: () => at,
    columnPoints: () => 0,
    preparePoints: undefined,
    use: () => undefined,
    given: true,
    scale,
    slopeScale: 0,
    most,
    expands: false,
    dispose: () => heap.free(at),
  }
}
