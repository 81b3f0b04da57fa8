import { add as addTensors } from '@tensorflow/tfjs-core'
import { constant, untaped } from '@monge/backend'
import { squaredEuclidean } from '@monge/costs'
import { lossAt, scale, sum } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { mass } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { planMarginals, planMass, sinkhornCost, sinkhornDivergence, solve } from '@monge/sinkhorn'
import type { SinkhornOptions } from '@monge/sinkhorn'
import type { Backend } from '@monge/backend'
import type { Form } from './words.js'

/** The cost `|x - y|²`, with plans solved for to a marginal error of 1e-3. */
const problem = (epsilon: number): SinkhornOptions => ({
  p: 2,
  cost: squaredEuclidean,
  blur: Math.sqrt(epsilon),
  tolerance: 1e-3,
})

/** The relative step in ε of the difference that `transport` takes. */
const step = 0.05

/**
 * The same entropic problem, `F(ε) = min_P <P, C> + ε KL(P | abᵀ)`, as a loss in each of its forms.
 *
 * `dual` and `primal` are both F, and have one gradient by the envelope theorem, which holds the plan fixed; primal
 * works its value out from the plan. `debiased` takes the self-transport off. `transport` is another function of the
 * points than F: its plan minimises F and not `<P, C>`, so holding the plan fixed would give F's gradient and not its
 * own. But `dF/dε = KL(P | abᵀ)`, again by the theorem, so that `<P, C> = F - ε dF/dε`; with a central difference that is
 * a sum of three losses whose gradients are known, and whose sum is the gradient of the value returned.
 */
export const lossOf = (form: Form, epsilon: number, backend: Backend): Loss => {
  const dual = sinkhornCost(problem(epsilon))(backend)
  switch (form) {
    case 'dual':
      return dual
    case 'debiased':
      return sinkhornDivergence(problem(epsilon))(backend)
    case 'primal':
      return lossAt(backend, (mu, nu) => {
        const value = dual(mu, nu)
        return addTensors(value, constant(primalValue(epsilon, backend, mu, nu) - (value.dataSync()[0] ?? Number.NaN)))
      })
    case 'transport':
      return sum([
        dual,
        scale(-1 / (2 * step))(sinkhornCost(problem(epsilon * (1 + step)))(backend)),
        scale(1 / (2 * step))(sinkhornCost(problem(epsilon * (1 - step)))(backend)),
      ])
  }
}

/** `<P, C> + ε KL(P | abᵀ) = <P 1, f> + <Pᵀ 1, g> + ε (1 - mass P)`, for measures of mass one. */
const primalValue = (epsilon: number, backend: Backend, mu: Measure, nu: Measure): number =>
  untaped(() => {
    const { f, g, plan } = solve(problem(epsilon))(backend)(mu, nu)
    const { source, target } = planMarginals(plan)
    const dot = (one: Measure['weights'], other: Measure['weights']): number => {
      const values = other.dataSync()
      return one.dataSync<'float32'>().reduce((total, value, i) => total + value * (values[i] ?? 0), 0)
    }
    const value = dot(source, f) + dot(target, g) + epsilon * (mass(mu) * mass(nu) - planMass(plan))
    for (const tensor of [f, g, source, target]) tensor.dispose()
    return value
  })
