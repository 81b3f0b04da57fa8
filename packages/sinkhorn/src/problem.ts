import { softmins } from '@monge/backend'
import type { Geometry, Vectors } from '@monge/backend'
import type { Measure } from '@monge/measures'

/** One side's `n` weights, and the logarithms of `n` times them, whose means are small numbers. */
export interface Side<V> {
  readonly weights: V
  readonly logWeights: V
  /** `log n` */
  readonly shift: number
  /** One where there is weight, zero where there is none: potentials are of no consequence there. */
  readonly support: V
}

export const sideOf =
  <V>(vectors: Vectors<V>) =>
  (mu: Measure): Side<V> => {
    const [n] = mu.weights.shape
    const weights = vectors.fromTensor(mu.weights)
    const logWeights = vectors.logarithm(vectors.linear([[n, weights]]))
    // The logarithms are small numbers but for emptyLogarithm, which is still large after this.
    const support = vectors.exponential(vectors.linear([[1e-20, logWeights]]))
    return { weights, logWeights, shift: Math.log(n), support }
  }

/**
 * Entropic transport from `source` to `target`:
 *
 *     min_P <P, c> + epsilon KL(P | a b^T) + rho KL(P 1 | a) + rho KL(P^T 1 | b)
 *
 * with both marginals exact where `rho` is undefined. A symmetric problem goes from a measure to itself.
 */
export interface Problem<V> {
  readonly vectors: Vectors<V>
  readonly geometry: Geometry<V>
  readonly source: Side<V>
  readonly target: Side<V>
  readonly rho: number | undefined
  readonly symmetric: boolean
}

/** The dual variables, in units of cost: `P_ij = a_i b_j exp((f_i + g_j - c_ij) / epsilon)`. */
export interface Potentials<V> {
  readonly f: V
  readonly g: V
}

/** What the softness of the marginals leaves of an update: `1 / (1 + epsilon / rho)`. */
export const damping = (epsilon: number, rho: number | undefined): number =>
  rho === undefined ? 1 : 1 / (1 + epsilon / rho)

/** `log a + f / epsilon`: a side's part in the logarithm of the plan. */
export const logScaling = <V>(vectors: Vectors<V>, epsilon: number, side: Side<V>, potential: V): V =>
  raisedScaling(vectors, epsilon, side, potential, -side.shift)

/** `log (n a) + f / epsilon`: the same, raised by the side's shift. */
const raisedScaling = <V>(vectors: Vectors<V>, epsilon: number, side: Side<V>, potential: V, by = 0): V =>
  vectors.linear(
    [
      [1, side.logWeights],
      [1 / epsilon, potential],
    ],
    by,
  )

/** Both potentials from each other at once; on a symmetric problem, the one from itself. */
export const update =
  <V>(problem: Problem<V>, epsilon: number) =>
  ({ f, g }: Potentials<V>): Potentials<V> => {
    const { vectors, geometry, source, target, rho, symmetric } = problem
    const factor = damping(epsilon, rho)
    const q = raisedScaling(vectors, epsilon, target, g)
    if (symmetric) {
      const next = damp(vectors, factor, geometry.softmin(epsilon, q, target.shift))
      return { f: next, g: next }
    }
    const p = raisedScaling(vectors, epsilon, source, f)
    const next = softmins(epsilon, p, q, { p: source.shift, q: target.shift })(geometry)
    return { f: damp(vectors, factor, next.f), g: damp(vectors, factor, next.g) }
  }

/** f from g. */
export const updateSource =
  <V>({ vectors, geometry, target, rho }: Problem<V>, epsilon: number) =>
  (g: V): V =>
    damp(
      vectors,
      damping(epsilon, rho),
      geometry.softmin(epsilon, raisedScaling(vectors, epsilon, target, g), target.shift),
    )

/** g from f. */
export const updateTarget = <V>(problem: Problem<V>, epsilon: number): ((f: V) => V) =>
  updateSource(transposed(problem), epsilon)

/** The same problem, seen from the target. */
export const transposed = <V>({ geometry, source, target, ...rest }: Problem<V>): Problem<V> => ({
  ...rest,
  geometry: geometry.transpose(),
  source: target,
  target: source,
})

/** What f and g are where nothing is known of them but the weights: the updates from zero. */
export const initialPotentials = <V>(problem: Problem<V>, epsilon: number): Potentials<V> => {
  const { vectors, geometry, rho, source, target, symmetric } = problem
  const factor = damping(epsilon, rho)
  if (symmetric) {
    const f = damp(vectors, factor, geometry.softmin(epsilon, target.logWeights, target.shift))
    return { f, g: f }
  }
  const first = softmins(epsilon, source.logWeights, target.logWeights, { p: source.shift, q: target.shift })(geometry)
  return { f: damp(vectors, factor, first.f), g: damp(vectors, factor, first.g) }
}

const damp = <V>(vectors: Vectors<V>, factor: number, potential: V): V =>
  factor === 1 ? potential : vectors.linear([[factor, potential]])

/**
 * How far the plan's marginal is from what its potential asks for, in mass: `sum_i a_i |exp((f_i - f̃_i) / epsilon) - 1|`
 * for exact marginals, f̃ being the update of f; the same against `a_i exp(-f_i / rho)` for soft ones.
 */
export const marginalExcess = <V>(
  { vectors, rho }: Pick<Problem<V>, 'vectors' | 'rho'>,
  epsilon: number,
  { weights, support }: Side<V>,
  potential: V,
  updated: V,
): number => {
  // The undamped softmin is updated / damping, so the plan's marginal over the weight is the first exponential.
  const actual = vectors.exponential(
    vectors.multiply(
      support,
      vectors.linear([
        [1 / epsilon, potential],
        [-1 / (epsilon * damping(epsilon, rho)), updated],
      ]),
    ),
  )
  const difference =
    rho === undefined
      ? vectors.linear([[1, actual]], -1)
      : vectors.linear([
          [1, actual],
          [-1, vectors.exponential(vectors.linear([[-1 / rho, potential]]))],
        ])
  return vectors.dot(weights, vectors.absolute(difference))
}
