import { emptyLogarithm } from '@monge/backend'
import { inArena } from './arena.js'
import type { Arena } from './arena.js'
import type { Direction } from './direction.js'
import { flags, formats, operations } from './layout.js'
import { chunkRows } from './machine.js'
import type { Job, Machine } from './machine.js'
import { copyOf, vectorOf } from './vector-of.js'

type Vector = Float64Array

/** How far exponents may reach before float32 no longer holds them well enough for a plan. */
const wideFrom = 16

/** The format for exponents as large as `range`: float64 where float32 would round off what matters. */
export const formatFor = ({ precision }: Machine, range: number): number =>
  precision === 'float64' ? formats.float64 : range > wideFrom ? formats.wide : formats.float32

/** How far the exponents of `p_i + q_j - c_ij / epsilon` reach on their way to what they come to. */
export const rangeOf = ({ most }: Direction, epsilon: number, p: Vector, q: Vector): number =>
  Math.max(most / epsilon, largest(p), largest(q))

const largest = (scalings: Vector): number => {
  let most = 0
  for (let i = 0; i < scalings.length; i++) {
    const size = Math.abs(scalings[i])
    if (size > most && !isEmpty(scalings[i])) most = size
  }
  return most
}

/** Whether a log-scaling stands for no weight. */
export const isEmpty = (scaling: number): boolean => scaling < emptyLogarithm / 2

export const hasEmpty = (scalings: Vector): boolean => {
  for (let i = 0; i < scalings.length; i++) if (isEmpty(scalings[i])) return true
  return false
}

/** The format whose exponents are as wide as the exponentials. */
export const narrow = ({ precision }: Machine): number => (precision === 'float64' ? formats.float64 : formats.float32)

/** The bytes of a number in the formats of the exponents and of the exponentials. */
export const bytesOf = (format: number): readonly (4 | 8)[] =>
  format === formats.float32 ? [4] : format === formats.wide ? [8, 4] : [8]

// Past the last column: as far below as the kernels' shifts begin.
const nowhere = -3e38

/** The log-scalings of the columns in the format of the exponents, in units of log 2. */
export const columnScalings = (
  arena: Arena,
  { stride }: Direction,
  format: number,
  q: Vector,
  factor: number,
): Pick<Job, 'q' | 'q32'> =>
  format === formats.float32
    ? { q32: arena.singles(q, factor, stride, nowhere) }
    : { q: arena.doubles(q, factor, stride, nowhere) }

const jobOf = (
  direction: Direction,
  format: number,
  epsilon?: number,
): Pick<Job, 'geometry' | 'format' | 'end' | 'chunk'> => ({
  geometry: direction.address(bytesOf(format), epsilon),
  format,
  end: direction.rows,
  chunk: chunkRows(direction.rows, direction.columns),
})

/** `-epsilon log sum_j exp(q_j - c_ij / epsilon)`. */
export const softmin = (machine: Machine, direction: Direction, format: number, epsilon: number, q: Vector): Vector =>
  inArena(machine, (arena) => {
    const job = jobOf(direction, format, epsilon)
    const out = arena.allocate(direction.rows * 16)
    const factor = (Math.LOG2E / epsilon) * direction.scale
    machine.perform({ ...job, ...columnScalings(arena, direction, format, q, Math.LOG2E), operation: operations.softmin, out, factor })
    const pairs = machine.heap.float64(out, direction.rows * 2)
    const result = vectorOf(direction.rows)
    for (let i = 0; i < result.length; i++)
      result[i] =
        pairs[2 * i] < -2e38 ? Infinity : -epsilon * (pairs[2 * i] * Math.LN2 + Math.log(pairs[2 * i + 1]))
    return result
  })

/** `min_j (c_ij - g_j)`, always in float64 exponents: lower bounds are made of it. */
export const minimum = (machine: Machine, direction: Direction, g: Vector): Vector =>
  inArena(machine, (arena) => {
    const job = jobOf(direction, formatFor(machine, Infinity))
    const out = arena.allocate(direction.rows * 8)
    const q = arena.doubles(g, 1, direction.stride, -1e300)
    machine.perform({ ...job, operation: operations.minimum, q, out, factor: direction.scale })
    return machine.heap.float64(out, direction.rows).map((most) => -most)
  })

/** What a reduction is over. */
export interface Reduction {
  readonly plan?: { readonly epsilon: number; readonly p: Vector; readonly q: Vector }
  readonly cost?: true
  /** The factor `(u_i . v_j) 2 c'`, and the sum with `x_i - y_j`. */
  readonly slope?: { readonly u: Vector; readonly v: Vector }
  /** The sum with these, `[m, k]`; without, and without a slope, the total. */
  readonly values?: Vector
  readonly width: number
}

/** A sum over each row of the factors that `reduction` names; see assembly/plan.ts. */
export const reduce = (machine: Machine, direction: Direction, reduction: Reduction): Vector =>
  inArena(machine, (arena) => {
    const { plan, cost, slope, values, width } = reduction
    const { rows, columns } = direction
    const format = formatFor(machine, plan ? rangeOf(direction, plan.epsilon, plan.p, plan.q) : 0)
    const outputs = slope ? direction.dimension : values ? width : 1
    const sparse =
      plan !== undefined &&
      slope !== undefined &&
      format === formats.wide &&
      direction.preparePoints?.(plan.epsilon) === true
    // Of pairs with ones a factor for each row is left, which its sum can do without.
    const rowFactors =
      plan && slope && width === 1 && !sparse && slope.v.every((value) => value === 1) ? slope.u : undefined
    const scale = (cost ? direction.scale : 1) * (slope ? direction.slopeScale : 1)
    const out = arena.allocate(rows * outputs * 8)
    const others = slope?.v ?? values
    machine.perform({
      ...jobOf(direction, format, plan?.epsilon),
      operation: operations.reduction,
      flags:
        (plan ? flags.plan : 0) |
        (cost ? flags.cost : 0) |
        (slope ? (rowFactors ? 0 : flags.pair) | flags.slope | flags.differences : values ? flags.values : flags.total) |
        (sparse ? flags.sparse : 0) |
        (rowFactors ? flags.scaled : 0),
      width,
      out,
      ...(plan && {
        p: arena.doubles(plan.p, Math.LOG2E),
        ...columnScalings(arena, direction, format, plan.q, Math.LOG2E),
        factor: (Math.LOG2E / plan.epsilon) * direction.scale,
      }),
      ...(plan &&
        sparse && {
          q32: arena.singles(plan.q, Math.LOG2E, direction.stride, nowhere),
          slack: 1 + 1e-5 * Math.LOG2E * rangeOf(direction, plan.epsilon, plan.p, plan.q),
        }),
      ...(slope && { u: rowFactors ? arena.doubles(rowFactors, scale) : arena.numbers(slope.u) }),
      ...(others && { v: arena.columns(others, columns, width) }),
    })
    const sums = machine.heap.float64(out, rows * outputs)
    if (rowFactors) return copyOf(sums)
    const result = vectorOf(sums.length)
    for (let k = 0; k < result.length; k++) result[k] = scale * sums[k]
    return result
  })

/** Rows `start` to `start + count` of the costs. */
export const entries = (machine: Machine, direction: Direction, start: number, count: number): Float32Array | Float64Array =>
  inArena(machine, (arena) => {
    const { columns } = direction
    const { heap, precision } = machine
    const format = narrow(machine)
    const bytes = precision === 'float64' ? 8 : 4
    const out = arena.allocate(count * columns * bytes)
    machine.perform({ ...jobOf(direction, format), operation: operations.entries, start, end: start + count, out })
    const values = bytes === 8 ? heap.float64(out, count * columns) : heap.float32(out, count * columns)
    const result = bytes === 8 ? new Float64Array(values.length) : new Float32Array(values.length)
    for (let k = 0; k < result.length; k++) result[k] = direction.scale * values[k]
    return result
  })
