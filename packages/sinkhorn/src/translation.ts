import type { Potentials, Problem } from './problem.js'

/**
 * With soft marginals, the best shift `(f + t, g - t)` in closed form: `t = rho/2 log(<a, e^(-f/rho)> / <b, e^(-g/rho)>)`.
 * The plan does not feel it, the dual only gains; without it Sinkhorn's algorithm takes of the order of rho / epsilon
 * sweeps to find it. With exact marginals there is nothing to gain.
 *
 * @see Séjourné, Vialard, Peyré, Faster unbalanced optimal transport: translation invariant Sinkhorn (2022), eq. (13)
 */
export const translate =
  <V>({ vectors, source, target, rho }: Problem<V>) =>
  (potentials: Potentials<V>): Potentials<V> => {
    if (rho === undefined) return potentials
    const { f, g } = potentials
    const mass = (weights: V, potential: V): number =>
      vectors.dot(weights, vectors.exponential(vectors.linear([[-1 / rho, potential]])))
    const shift = (rho / 2) * Math.log(mass(source.weights, f) / mass(target.weights, g))
    return Number.isFinite(shift)
      ? { f: vectors.linear([[1, f]], shift), g: vectors.linear([[1, g]], -shift) }
      : potentials
  }
