import { requireBetween } from '@monge/errors'
import { readMatrix } from './input.js'
import type { PointsInput } from './input.js'
import { requireShapes } from './maps.js'
import type { PointsOutput } from './maps.js'
import type { SparsePlan } from './plan.js'

/** Weighted points on the host. */
export interface Cloud {
  readonly points: PointsOutput
  readonly weights: Float64Array
}

/**
 * McCann's displacement interpolation along a plan (McCann 1997): at time t every bit of mass `P_ij` is at
 * `(1 - t) x_i + t y_j`. A source whose mass is split becomes as many points. Along an optimal plan it is a geodesic of
 * constant speed: `W_p(s, t) = |t - s| W_p`.
 */
export const displacementInterpolation = (problem: {
  readonly plan: SparsePlan
  readonly x: PointsInput
  readonly y: PointsInput
}): ((time: number) => Cloud) => {
  const { plan } = problem
  const x = readMatrix('displacementInterpolation: x', problem.x)
  const y = readMatrix('displacementInterpolation: y', problem.y)
  requireShapes('displacementInterpolation', plan, x, y)
  const d = x.columns
  return (time) => {
    requireBetween(0, 1)('displacementInterpolation: time', time)
    const data = new Float64Array(plan.masses.length * d)
    plan.masses.forEach((_, entry) => {
      const [i, j] = [plan.rows[entry], plan.columns[entry]]
      for (let k = 0; k < d; k++) data[entry * d + k] = (1 - time) * x.data[i * d + k] + time * y.data[j * d + k]
    })
    return { points: { data, shape: [plan.masses.length, d] }, weights: plan.masses.slice() }
  }
}
