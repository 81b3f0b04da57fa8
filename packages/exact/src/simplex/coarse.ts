import { compensatedSum } from '../compensated.js'
import { restrict, sizeOf, writeRow } from './costs.js'
import type { Costs } from './costs.js'
import { runSimplex } from './engine.js'

const smallest = 64
const stride = 4

const everyFourth = (count: number): Int32Array =>
  Int32Array.from({ length: Math.ceil(count / stride) }, (_, k) => k * stride)

/**
 * Potentials of the sinks to start from: the solution for every fourth source and sink, itself found so, extended to all
 * sinks by `g_j = min_i (c_ij - f_i)`. It halves the number of pivots. Zero where the problem is small.
 */
export const coarsePotentials = (where: string, costs: Costs, a: Float64Array, b: Float64Array): Float64Array => {
  const [n, m] = sizeOf(costs)
  const g = new Float64Array(m)
  if (Math.min(n, m) < smallest) return g
  const rows = everyFourth(n)
  const columns = everyFourth(m)
  const fewer = restrict(costs, rows, columns)
  const someA = Float64Array.from(rows, (i) => a[i])
  const someB = Float64Array.from(columns, (j) => b[j])
  const scale = compensatedSum(someA) / compensatedSum(someB)
  const sameMass = someB.map((weight) => weight * scale)
  const { f } = runSimplex(where, fewer, someA, sameMass, coarsePotentials(where, fewer, someA, sameMass), Infinity)
  return cTransform(costs, rows, f)
}

/** `g_j = min_i (c_ij - f_i)` over the given sources. */
export const cTransform = (costs: Costs, rows: Int32Array, f: Float64Array): Float64Array => {
  const m = sizeOf(costs)[1]
  const g = new Float64Array(m).fill(Infinity)
  const row = new Float64Array(m)
  rows.forEach((i, k) => {
    writeRow(costs, i, row)
    const price = f[k]
    for (let j = 0; j < m; j++) {
      const gap = row[j] - price
      if (gap < g[j]) g[j] = gap
    }
  })
  return g
}
