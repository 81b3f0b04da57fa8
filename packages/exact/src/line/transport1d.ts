import { withoutZeros } from '../plan.js'
import { solution } from '../transport.js'
import type { Transport } from '../transport.js'
import { sortOrder } from './sorted.js'

/**
 * Optimal transport on a line under `h(x_i - y_j)` with h convex, for weights of equal mass: the quantile functions of
 * both are merged, which gives the monotone plan, optimal for every such cost (Villani 2003, theorem 2.18).
 *
 * The plan follows a staircase through the sorted points, one arc a step; the potentials are tight along it, and
 * feasible elsewhere because the cost matrix of sorted points has Monge's property (Hoffman 1963).
 */
export const transport1d = (
  x: Float64Array,
  y: Float64Array,
  a: Float64Array,
  b: Float64Array,
  h: (gap: number) => number,
): Transport => {
  const [n, m] = [x.length, y.length]
  const [orderX, orderY] = [sortOrder(x), sortOrder(y)]
  const steps = n + m - 1
  const rows = new Int32Array(steps)
  const columns = new Int32Array(steps)
  const masses = new Float64Array(steps)
  const costs = new Float64Array(steps)
  const f = new Float64Array(n)
  const g = new Float64Array(m)
  let [k, l] = [0, 0]
  let [leftA, leftB] = [a[orderX[0]], b[orderY[0]]]
  f[orderX[0]] = h(x[orderX[0]] - y[orderY[0]])
  for (let step = 0; step < steps; step++) {
    const [i, j] = [orderX[k], orderY[l]]
    const mass = Math.min(leftA, leftB)
    rows[step] = i
    columns[step] = j
    masses[step] = mass
    costs[step] = h(x[i] - y[j])
    leftA -= mass
    leftB -= mass
    if (step === steps - 1) break
    if (l === m - 1 || (k < n - 1 && leftA <= leftB)) {
      k += 1
      const next = orderX[k]
      leftA = a[next]
      f[next] = h(x[next] - y[j]) - g[j]
      if (l === m - 1) leftB = Math.max(leftB, leftA)
    } else {
      l += 1
      const next = orderY[l]
      leftB = b[next]
      g[next] = h(x[i] - y[next]) - f[i]
      if (k === n - 1) leftA = Math.max(leftA, leftB)
    }
  }
  const used = withoutZerosOf(costs, masses)
  const plan = withoutZeros({ shape: [n, m], rows, columns, masses })
  return solution(a, b, plan, used, { f, g }, steps)
}

const withoutZerosOf = (costs: Float64Array, masses: Float64Array): Float64Array =>
  costs.filter((_, step) => masses[step] > 0)
