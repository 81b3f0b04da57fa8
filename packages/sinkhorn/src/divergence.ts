import { untaped } from '@monge/backend'
import type { Backend } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { mongeError } from '@monge/errors'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { add } from '@tensorflow/tfjs-core'
import { checkMeasures, featured } from './clouds.js'
import { finish, solveJointly, symmetricOnPoints } from './joint.js'
import { settingsOf } from './options.js'
import type { SinkhornOptions } from './options.js'
import { sideTerm } from './side-term.js'

/**
 * The debiased Sinkhorn divergence
 *
 *     S(mu, nu) = OT(mu, nu) - OT(mu, mu) / 2 - OT(nu, nu) / 2  (+ epsilon / 2 (m_mu - m_nu)² with `reach`),
 *
 * OT being entropic transport as in `Problem`. It is symmetric, non-negative, zero between equal measures, and metrises
 * convergence in law for the costs `|x - y|^p / p`, p = 1, 2. Values follow GeomLoss: with `scaling` and no `tolerance`
 * they are those of its fixed schedule; with `tolerance`, those of the optimum. Gradients come from the potentials by
 * the envelope theorem; with `reach` they are the true ones, `(rho + epsilon) / (rho + epsilon / 2)` times GeomLoss's.
 *
 * @throws InvalidOption; DimensionMismatch; MassMismatch if marginals are exact and masses differ by over 0.1 %
 * @see Feydy et al., Interpolating between optimal transport and MMD using Sinkhorn divergences (2019)
 * @see Séjourné et al., Sinkhorn divergences for unbalanced optimal transport (2019)
 */
export const sinkhornDivergence = (options: SinkhornOptions = {}): ((backend: Backend) => Loss) =>
  transportLoss('sinkhornDivergence', options, true)

/**
 * The value of entropic transport itself, biased: it is not least where the measures are equal.
 *
 * Options, values, gradients and errors as for `sinkhornDivergence`. With `reach` and masses other than one the value is
 * that of the problem as it is defined, which GeomLoss's is not.
 */
export const sinkhornCost = (options: SinkhornOptions = {}): ((backend: Backend) => Loss) =>
  transportLoss('sinkhornCost', options, false)

const transportLoss = (where: string, options: SinkhornOptions, debias: boolean) => {
  const settings = settingsOf(where, options)
  if (debias) requireSelfCost(where, settings.cost)
  return <V>(backend: Backend<V>): Loss =>
    lossAt(backend, (mu, nu) => {
      checkMeasures(where, settings, mu, nu)
      const [source, target] = [featured(settings.cost, mu), featured(settings.cost, nu)]
      const solved = untaped(() => finish(solveJointly(backend, settings, debias, source, target)))
      try {
        return add(
          sideTerm(backend, settings, source, target, solved.source, false),
          sideTerm(backend, settings, target, source, solved.target, true),
        )
      } finally {
        solved.release()
      }
    })
}

/** Debiasing asks for the cost within each measure, and for one potential to serve both sides of it. */
export const requireSelfCost = (where: string, cost: Cost): void => {
  if (!symmetricOnPoints(cost))
    throw mongeError('InvalidOption', `${where}: cost`, `expected a symmetric cost of points, got ${cost.name}`)
}
