import { mongeError } from '@monge/errors'
import { readMatrix } from './input.js'
import type { PointsInput } from './input.js'
import type { SparsePlan } from './plan.js'

/** The Monge map of a plan by its heaviest entries: for each source the sink that gets most of it, -1 without mass. */
export const argmaxMap = (plan: SparsePlan): Int32Array => {
  const [n] = plan.shape
  const best = new Float64Array(n)
  const columns = new Int32Array(n).fill(-1)
  plan.masses.forEach((mass, k) => {
    const i = plan.rows[k]
    if (mass <= best[i]) return
    best[i] = mass
    columns[i] = plan.columns[k]
  })
  return columns
}

/** Rows of points, row-major. */
export interface PointsOutput {
  readonly data: Float64Array
  readonly shape: readonly [n: number, d: number]
}

/**
 * The barycentric projection of a plan, `T(x_i) = sum_j P_ij y_j / sum_j P_ij`, `[n, d]`: the Monge map where the plan
 * does not split masses. A source without mass stays where it is.
 */
export const barycentricMap = (problem: {
  readonly plan: SparsePlan
  readonly x: PointsInput
  readonly y: PointsInput
}): PointsOutput => {
  const { plan } = problem
  const x = readMatrix('barycentricMap: x', problem.x)
  const y = readMatrix('barycentricMap: y', problem.y)
  requireShapes('barycentricMap', plan, x, y)
  const d = x.columns
  const sums = new Float64Array(x.rows * d)
  const masses = new Float64Array(x.rows)
  plan.masses.forEach((mass, entry) => {
    const [i, j] = [plan.rows[entry], plan.columns[entry]]
    masses[i] += mass
    for (let k = 0; k < d; k++) sums[i * d + k] += mass * y.data[j * d + k]
  })
  const data = sums.map((sum, k) => {
    const mass = masses[Math.floor(k / d)]
    return mass > 0 ? sum / mass : x.data[k]
  })
  return { data, shape: [x.rows, d] }
}

interface Shape {
  readonly rows: number
  readonly columns: number
}

/** Checks that a plan is one between the given clouds. */
export const requireShapes = (where: string, plan: SparsePlan, x: Shape, y: Shape): void => {
  const [n, m] = plan.shape
  if (x.rows !== n || y.rows !== m || x.columns !== y.columns)
    throw mongeError(
      'DimensionMismatch',
      where,
      `a plan of [${n}, ${m}] between points of [${x.rows}, ${x.columns}] and [${y.rows}, ${y.columns}]`,
    )
}
