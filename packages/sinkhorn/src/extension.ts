import { constant, emptyLogarithm, softmin } from '@monge/backend'
import type { Pairwise } from '@monge/backend'
import { mongeError } from '@monge/errors'
import type { Measure } from '@monge/measures'
import { add, div, fill, greater, log, mul, tidy, transpose, where } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Plan } from './plan.js'
import { damping } from './problem.js'

/** A potential as a function: `[k, d] -> [k]`, in units of cost, differentiable in the points. */
export type Potential = (points: Tensor2D) => Tensor1D

/**
 * The source's potential on any points: `f(x) = -epsilon log sum_j b_j exp((g_j - c(x, y_j)) / epsilon)` (damped with
 * `reach`). On the source's own points it is what one more sweep makes of f; for the half squared distance `x - ∇f(x)`
 * is the barycentric projection.
 */
export const extendSourcePotential = (plan: Plan): Potential => extension(plan, plan.cost.pairwise, plan.nu, plan.g)

/** The target's potential on any points, `g(y) = -epsilon log sum_i a_i exp((f_i - c(x_i, y)) / epsilon)`. */
export const extendTargetPotential = (plan: Plan): Potential => {
  const { pairwise } = plan.cost
  const swapped =
    pairwise.tag === 'function'
      ? { tag: pairwise.tag, value: (y: Tensor2D, x: Tensor2D) => transpose(pairwise.value(x, y)) }
      : pairwise
  return extension(plan, swapped, plan.mu, plan.f)
}

const extension = (plan: Plan, pairwise: Pairwise, { weights, points }: Measure, potential: Tensor1D): Potential => {
  const { backend, cost, epsilon, rho } = plan
  if (pairwise.tag === 'matrix')
    throw mongeError('InvalidArgument', 'extend potential: plan', 'a cost matrix says nothing of other points')
  const features = cost.features ?? ((x: Tensor2D) => x)
  return (x) =>
    backend.within(() =>
      tidy(() => {
        const empty = fill(weights.shape, emptyLogarithm)
        const logWeights = where(greater(weights, 0), log(weights), empty)
        const q = add<Tensor1D>(logWeights, div(potential, constant(epsilon)))
        const soft = softmin(pairwise, epsilon)(backend)(features(x), features(points), q)
        return mul<Tensor1D>(soft, constant(damping(epsilon, rho)))
      }),
    )
}
