import { instancesOf } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { simplexModule } from './binary.js'
import { sizeOf, writeRow } from './costs.js'
import type { Costs } from './costs.js'

/** What assembly/simplex.ts exports; numbers that end in `At` are addresses. */
interface SimplexExports {
  readonly memory: WebAssembly.Memory
  readonly layout: (n: number, m: number, dimension: number, kind: number) => number
  readonly solve: (mostPivots: number) => number
  readonly pivotCount: () => number
  readonly sourcesAt: () => number
  readonly sinksAt: () => number
  readonly pricesAt: () => number
  readonly potentialsAt: () => number
  readonly rowAt: () => number
  readonly xsAt: () => number
  readonly ysAt: () => number
  readonly matrixAt: () => number
  readonly arcSourcesAt: () => number
  readonly arcSinksAt: () => number
  readonly arcFlowsAt: () => number
}

/** A basic solution: `n + m - 1` arcs, some of them without flow, and potentials that are tight on them. */
export interface Basis {
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly masses: Float64Array
  readonly f: Float64Array
  readonly g: Float64Array
  readonly pivots: number
}

const kinds = { matrix: 0, sqeuclidean: 1, euclidean: 2, cityblock: 3, rows: 4 } as const

const start = instancesOf<SimplexExports>(simplexModule)

/**
 * Runs the network simplex on positive weights of equal total, starting from potentials `g` of the sinks. Every call has
 * an instance of its own, so that its memory is freed with it.
 */
export const runSimplex = (
  where: string,
  costs: Costs,
  a: Float64Array,
  b: Float64Array,
  g: Float64Array,
  mostPivots: number,
): Basis => {
  const [n, m] = sizeOf(costs)
  const dimension = costs.tag === 'points' ? costs.x.columns : 0
  const kind = costs.tag === 'points' ? kinds[costs.metric] : kinds[costs.tag]
  const fillRow = (i: number): void => writeRow(costs, i, new Float64Array(simplex.memory.buffer, simplex.rowAt(), m))
  const simplex = start(where, { simplex: { fillRow } })
  if (simplex.layout(n, m, dimension, kind) === 0)
    throw mongeError('InvalidArgument', where, `a problem of ${n} by ${m} does not fit into WebAssembly's memory`)
  const floats = (at: number, count: number): Float64Array => new Float64Array(simplex.memory.buffer, at, count)
  const integers = (at: number): Int32Array => new Int32Array(simplex.memory.buffer, at, n + m - 1).slice()
  floats(simplex.sourcesAt(), n).set(a)
  floats(simplex.sinksAt(), m).set(b)
  floats(simplex.pricesAt(), m).set(g)
  if (costs.tag === 'matrix') floats(simplex.matrixAt(), n * m).set(costs.matrix.data)
  if (costs.tag === 'points') {
    floats(simplex.xsAt(), n * dimension).set(costs.x.data)
    const ys = floats(simplex.ysAt(), m * dimension)
    for (let j = 0; j < m; j++) for (let k = 0; k < dimension; k++) ys[k * m + j] = costs.y.data[j * dimension + k]
  }
  if (simplex.solve(mostPivots) === 0) throw mongeError('Diverged', where, `not solved after ${mostPivots} pivots`)
  return {
    rows: integers(simplex.arcSourcesAt()),
    columns: integers(simplex.arcSinksAt()),
    masses: floats(simplex.arcFlowsAt(), n + m - 1).slice(),
    f: floats(simplex.potentialsAt(), n).slice(),
    g: floats(simplex.potentialsAt() + 8 * n, m).slice(),
    pivots: simplex.pivotCount(),
  }
}
