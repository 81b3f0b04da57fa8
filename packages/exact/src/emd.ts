import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import { readMatrix, readNumbers, readWeights } from './input.js'
import type { MatrixInput } from './input.js'
import { balanced } from './mass.js'
import { partialTransport } from './partial.js'
import type { PartialTransport } from './partial.js'
import type { Costs } from './simplex/costs.js'
import { sizeOf } from './simplex/costs.js'
import { networkSimplex } from './simplex/network-simplex.js'
import type { Transport } from './transport.js'

/** Potentials to start from, as an earlier solution has them. */
export interface Start {
  readonly f: ArrayLike<number>
  readonly g: ArrayLike<number>
}

/** What every exact solver takes besides its data. */
export interface EmdSettings {
  /** Potentials of a similar problem: a warm start. */
  readonly start?: Start
  /** The most pivots of the network simplex; by default as many as it takes. */
  readonly maxPivots?: number
}

/** A transport problem with its costs given. */
export interface EmdProblem extends EmdSettings {
  /** `[n]`, uniform if not given (then the cost must be a matrix). */
  readonly a?: ArrayLike<number>
  /** `[m]` */
  readonly b?: ArrayLike<number>
  /** A matrix `[n, m]`, or `c(i, j)`, which is then computed on the fly. */
  readonly cost: MatrixInput | ((i: number, j: number) => number)
  /** The mass to move: partial transport. */
  readonly partial?: number
}

const checkKeys = requireKnownKeys(['a', 'b', 'cost', 'partial', 'start', 'maxPivots'])

/**
 * Exact optimal transport: `min sum_ij P_ij c_ij` over `P >= 0` with row sums `a` and column sums `b`.
 *
 * Network simplex in float64, compiled to WebAssembly. The plan is sparse, the potentials feasible, the gap of their
 * values zero within rounding. With `partial` only that much mass is moved, at least cost: row sums are at most `a`,
 * column sums at most `b`.
 *
 * @throws `MassMismatch` if the masses of `a` and `b` differ and `partial` is not given; `InvalidArgument`,
 * `InvalidMeasure`, `DimensionMismatch` for data that are no such problem; `Diverged` after `maxPivots`
 */
export const emd: {
  (problem: EmdProblem & { readonly partial: number }): PartialTransport
  (problem: EmdProblem): Transport
} = (problem: EmdProblem): PartialTransport => {
  checkKeys('emd', problem)
  const costs = readCosts(problem)
  const [n, m] = sizeOf(costs)
  const a = readWeights('emd: a', problem.a, n)
  const b = readWeights('emd: b', problem.b, m)
  return solveCosts('emd', costs, a, b, problem)
}

const readCosts = ({ a, b, cost }: EmdProblem): Costs => {
  if (typeof cost !== 'function') return { tag: 'matrix', matrix: readMatrix('emd: cost', cost) }
  if (a === undefined || b === undefined)
    throw mongeError('InvalidArgument', 'emd: cost', 'a function needs both weights, which say how many points there are')
  const [rows, columns] = [a.length, b.length]
  const fill = (i: number, target: Float64Array): void => {
    for (let j = 0; j < columns; j++) {
      const value = cost(i, j)
      if (!Number.isFinite(value)) throw mongeError('InvalidArgument', 'emd: cost', `c(${i}, ${j}) is ${value}`)
      target[j] = value
    }
  }
  return { tag: 'rows', rows, columns, fill }
}

/** Solves with weights that are checked already, wholly or in part. */
export const solveCosts = (
  where: string,
  costs: Costs,
  a: Float64Array,
  b: Float64Array,
  { partial, start, maxPivots }: EmdSettings & { readonly partial?: number },
): PartialTransport => {
  const settings = {
    where,
    ...(maxPivots === undefined ? {} : { mostPivots: requireInteger(0)(`${where}: maxPivots`, maxPivots) }),
    ...(start === undefined ? {} : { start: readStart(`${where}: start`, costs, start) }),
  }
  if (partial !== undefined) return partialTransport(costs, a, b, partial, settings)
  return { ...networkSimplex(costs, a, balanced(where, a, b), settings), multiplier: 0 }
}

const readStart = (where: string, costs: Costs, { f, g }: Start): Float64Array => {
  const [n, m] = sizeOf(costs)
  if (f.length !== n || g.length !== m)
    throw mongeError('DimensionMismatch', where, `expected ${n} and ${m} potentials, got ${f.length} and ${g.length}`)
  readNumbers(where, f)
  return readNumbers(where, g)
}
