import { untaped } from '@monge/backend'
import type { Backend } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { tidy } from '@tensorflow/tfjs-core'
import { checkMeasures, featured } from './clouds.js'
import { requireSelfCost } from './divergence.js'
import { finish, solveJointly } from './joint.js'
import type { HalfSolution } from './joint.js'
import { settingsOf } from './options.js'
import type { SinkhornOptions } from './options.js'

/** Functions on the two measures' points, `[n]` and `[m]`, in units of cost. */
export interface DualPotentials {
  readonly f: Tensor1D
  readonly g: Tensor1D
}

/**
 * The potentials of a Sinkhorn divergence, `f - f_self` and `g - g_self`: with exact marginals its gradients in the
 * weights, and the weights' means of them add up to its value. Those of the biased cost are in the solution of `solve`.
 *
 * @throws as `sinkhornDivergence`
 */
export const debiasedPotentials = (
  options: SinkhornOptions = {},
): ((backend: Backend) => (mu: Measure, nu: Measure) => DualPotentials) => {
  const where = 'debiasedPotentials'
  const settings = settingsOf(where, options)
  requireSelfCost(where, settings.cost)
  return <V>(backend: Backend<V>) =>
    (mu, nu) => {
      checkMeasures(where, settings, mu, nu)
      const { vectors } = backend
      const contrast = ({ cross, self }: { cross: HalfSolution<V>; self: HalfSolution<V> | undefined }): V =>
        vectors.linear(
          self === undefined
            ? [[1, cross.f]]
            : [
                [1, cross.f],
                [-1, self.f],
              ],
        )
      return backend.within(() =>
        tidy(() => {
          const measures = [featured(settings.cost, mu), featured(settings.cost, nu)] as const
          const solved = untaped(() => finish(solveJointly(backend, settings, true, ...measures)))
          try {
            return {
              f: vectors.toTensor<Tensor1D>(contrast(solved.source), mu.weights.shape),
              g: vectors.toTensor<Tensor1D>(contrast(solved.target), nu.weights.shape),
            }
          } finally {
            solved.release()
          }
        }),
      )
    }
}
