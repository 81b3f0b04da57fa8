import { inArena } from './arena.js'
import type { Direction } from './direction.js'
import { formats, operations } from './layout.js'
import type { Machine } from './machine.js'
import { vectorOf } from './vector-of.js'

type Vector = Float64Array

/**
 * The softmin under squared distances at an epsilon not far below the largest of them, by the expansion
 *
 *     exp(-|x - y|² / 2s) = exp(-|x|² / 2s) exp(-|y|² / 2s) sum_a (x^a / s^(|a| / 2)) (y^a / s^(|a| / 2)) / a!
 *
 * about the middle of both clouds: moments of the one, then a polynomial at the points of the other, in time `O(n + m)`, in
 * float64. What lies past the highest degree is below the machine's precision in each entry. Undefined where direct sums are
 * faster, or there is no weight.
 *
 * @see Yang, Duraiswami, Gumerov, Davis, Improved fast Gauss transform and efficient kernel density estimation (2003)
 */
export const expandedSoftmin = (
  machine: Machine,
  direction: Direction,
  transposed: () => Direction,
  epsilon: number,
  q: Vector,
): Vector | undefined => {
  const degree = worthwhileDegree(machine, direction, epsilon)
  if (degree === undefined) return undefined
  const most = q.reduce((sofar, scaling) => Math.max(sofar, scaling), -Infinity)
  const rate = direction.scale / epsilon
  const factor = Math.sqrt(2 * rate)
  const opposite = transposed()
  return inArena(machine, (arena) => {
    const weights = arena.allocate(direction.stride * 8)
    const weightsOf = halfSquares(machine, direction, rate)
    for (let j = 0; j < q.length; j++) weightsOf[j] = Math.exp(q[j] - most - weightsOf[j])
    weightsOf.fill(0, q.length)
    machine.heap.float64(weights, direction.stride).set(weightsOf)
    const terms = termsOf(direction.dimension, degree)
    const chunk = pointsInChunk(direction.columns, terms)
    const chunks = Math.ceil(direction.columns / chunk)
    const alone = direction.columns * terms < worthWaking
    const columnOut = arena.allocate(chunks * terms * 8)
    const job = { format: formats.float64, width: degree, factor, alone }
    machine.perform({
      ...job,
      geometry: direction.address([8]),
      operation: operations.moments,
      end: direction.columns,
      chunk,
      v: weights,
      columnOut,
    })
    const coefficients = inverseFactorials(direction.dimension, degree)
    const sums = machine.heap.float64(columnOut, chunks * terms)
    for (let k = 0; k < terms; k++) {
      let sum = 0
      for (let at = k; at < sums.length; at += terms) sum += sums[at]
      coefficients[k] *= sum
    }
    const v = arena.doubles(coefficients, 1)
    const out = arena.allocate(opposite.stride * 8)
    machine.perform({
      ...job,
      geometry: opposite.address([8]),
      operation: operations.expansion,
      end: opposite.columns,
      chunk: pointsInChunk(opposite.columns, terms),
      v,
      out,
    })
    const result = halfSquares(machine, opposite, rate).subarray(0, opposite.columns)
    const values = machine.heap.float64(out, result.length)
    for (let i = 0; i < result.length; i++) {
      if (!(values[i] > 0)) return undefined
      result[i] = epsilon * (result[i] - Math.log(values[i]) - most)
    }
    return result
  })
}

/** Work that is not worth waking other threads for, in monomials of points. */
const worthWaking = 2 ** 17

/** Points in a chunk: it depends on the sizes alone, so that sums are the same for any number of threads. */
const pointsInChunk = (points: number, terms: number): number =>
  Math.ceil(Math.max(points / 64, worthWaking / 8 / terms) / 8) * 8

/** `rate |y_j|²`, of the columns' points. */
const halfSquares = ({ heap }: Machine, direction: Direction, rate: number): Vector => {
  const { stride, dimension } = direction
  const result = vectorOf(stride)
  const points = heap.float64(direction.columnPoints(), stride * dimension)
  for (let k = 0, from = 0; k < dimension; k++) for (let j = 0; j < stride; j++, from++) result[j] += rate * points[from] ** 2
  return result
}

/**
 * The degree at which the expansion is as good as the machine's numbers, if it is then faster than direct sums. Both points
 * are within half of the diameter from the middle, so that the scaled ones' inner product s is at most `reach`; of `e^s` at
 * least `e^-reach`, terms of a degree above k are at most `reach^(k + 1) / (k + 1)! e^reach`.
 */
const worthwhileDegree = (
  { precision }: Machine,
  { expands, most, dimension, rows, columns }: Direction,
  epsilon: number,
): number | undefined => {
  if (!expands) return undefined
  const reach = most / (2 * epsilon)
  if (!(reach < largestReach)) return undefined
  const goal = precision === 'float64' ? 2 ** -54 : 2 ** -28
  let [degree, left] = [0, reach * Math.exp(2 * reach)]
  while (left > goal) {
    degree += 1
    left *= reach / (degree + 1)
  }
  const terms = termsOf(dimension, degree)
  return terms <= mostTerms && terms * (rows + columns) <= rows * columns * worth ? degree : undefined
}

/** Cancellation takes digits: of terms up to `e^reach` a sum of `e^-reach` is left. */
const largestReach = 6

/** As many moments as a thread's scratch memory holds, in pairs, and then some. */
const mostTerms = 4096

/** The monomials of a point that cost as much as an entry, and leave something to gain. */
const worth = 0.5

const termsOf = (dimension: number, degree: number): number => {
  let count = 1
  for (let k = 1; k <= dimension; k++) count = (count * (degree + k)) / k
  return count
}

/** `1 / a!` of all monomials, in the kernels' order. */
const inverseFactorials = (dimension: number, degree: number): Vector => {
  const inverse = [1]
  for (let k = 1; k <= degree; k++) inverse.push(inverse[k - 1] / k)
  const result: number[] = []
  const add = (axis: number, left: number, product: number): void => {
    for (let k = 0; k <= left; k++) {
      if (axis === dimension) result.push(product * inverse[k])
      else add(axis + 1, left - k, product * inverse[k])
    }
  }
  add(1, degree, 1)
  return Float64Array.from(result)
}
