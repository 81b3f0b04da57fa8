import type { Place } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { pairArbitrary } from './arbitraries/cloud.js'
import type { Cloud, CloudOptions, CloudPair } from './arbitraries/cloud.js'
import { largest, requireAllClose, requireAtLeast, requireClose, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { at, withMeasures } from './with-measures.js'

/** Dual potentials of a transport problem: `f [n]`, `g [m]`, in units of cost. */
export interface PotentialPair {
  readonly f: ArrayLike<number>
  readonly g: ArrayLike<number>
}

/** What the potentials are of, and what they are tried on. */
export interface PotentialLawOptions {
  /** The ground cost of two points. */
  readonly cost: (x: readonly number[], y: readonly number[]) => number
  /** The entropic regularisation, relative to the product measure; 0 for the unregularised problem. */
  readonly epsilon: (pair: CloudPair) => number
  /** The value of the problem, to compare with that of the potentials. */
  readonly value?: (mu: Measure, nu: Measure) => number
  /** Where they are computed; tfjs's current backend by default. */
  readonly place?: Place
  /** Relative accuracy that the solver is run to; by default 64 units in the last place. */
  readonly accuracy?: number
  /** Pairs of equal mass; by default of all shapes, near the origin. */
  readonly clouds?: CloudOptions
}

/**
 * The laws of optimal potentials (balanced). With `P_ij = a_i b_j exp((f_i + g_j - c_ij) / epsilon)`:
 *
 * - they are finite
 * - entropic: P has the marginals a and b
 * - unregularised: they are feasible, `f_i + g_j <= c_ij`
 * - duality: their value `<a, f> + <b, g> - epsilon (sum P - sum a sum b)` is that of the problem
 * - gauge: exchanging mu and nu exchanges them, up to a constant (for a symmetric cost)
 */
export const potentialLaws = (
  potentials: (mu: Measure, nu: Measure) => PotentialPair,
  options: PotentialLawOptions,
): readonly Law[] => {
  const { place, cost, value } = options
  const pairs = pairArbitrary({ settings: ['near'], ...options.clouds })
  const evaluate = <A>(body: (mu: Measure, nu: Measure) => A, { mu, nu }: CloudPair): A =>
    at(place, () =>
      withMeasures([mu, nu], (measures) => {
        const [from, to] = measures as [Measure, Measure]
        return body(from, to)
      }),
    )
  const accuracy = (): number => Math.max(options.accuracy ?? 0, 64 * unitOf(place?.precision))
  const costsOf = ({ mu, nu }: CloudPair): readonly number[] => mu.points.flatMap((x) => nu.points.map((y) => cost(x, y)))
  const solved = (pair: CloudPair): Solved => {
    const { f, g } = evaluate(potentials, pair)
    return solvedOf(pair, Array.from(f), Array.from(g), costsOf(pair), options.epsilon(pair))
  }

  return [
    law('are finite', pairs, (pair) => {
      const { f, g } = solved(pair)
      requireThat(`f = ${f.join()}, g = ${g.join()}`, [...f, ...g].every(Number.isFinite))
      requireThat('there is one for each point', f.length === pair.mu.points.length && g.length === pair.nu.points.length)
    }),
    law('are feasible, or make a plan of the right marginals', pairs, (pair) => {
      const { f, g, costs, epsilon, plan } = solved(pair)
      const m = g.length
      const mass = total(pair.mu.weights)
      if (epsilon === 0)
        costs.forEach((entry, index) => {
          const [i, j] = [Math.floor(index / m), index % m]
          // Potentials of points without weight are of no consequence.
          if ((pair.mu.weights[i] ?? 0) > 0 && (pair.nu.weights[j] ?? 0) > 0)
            requireAtLeast(`c - f[${i}] - g[${j}]`, entry - (f[i] ?? NaN) - (g[j] ?? NaN), 0, accuracy() * (1 + largest(costs)))
        })
      else {
        // An error of the potentials is one of the plan in units of epsilon.
        const allowed = accuracy() * mass * (1 + largest(costs) / epsilon)
        const rows = pair.mu.weights.map((_, i) => total(plan.slice(i * m, (i + 1) * m)))
        const columns = pair.nu.weights.map((_, j) => total(plan.filter((__, index) => index % m === j)))
        requireAllClose('the first marginal', rows, pair.mu.weights, allowed)
        requireAllClose('the second marginal', columns, pair.nu.weights, allowed)
      }
    }),
    ...(value === undefined
      ? []
      : [
          law('attain the value', pairs, (pair) => {
            const { dual, costs, epsilon } = solved(pair)
            const mass = total(pair.mu.weights)
            const scale = (1 + largest(costs) + epsilon) * Math.max(mass, mass ** 2)
            requireClose('the dual value', dual, evaluate(value, pair), 4 * accuracy() * scale)
          }),
        ]),
    law('are exchanged with the measures, up to a constant', pairs, (pair) => {
      const { f, g, costs, epsilon } = solved(pair)
      const back = solved({ ...pair, mu: pair.nu, nu: pair.mu })
      if (epsilon === 0) return
      const sums = weightedSums(pair, f, g)
      const transposed = weightedSums(pair, back.g, back.f)
      requireAllClose('f + g', transposed, sums, 16 * accuracy() * (largest(costs) + epsilon) * (1 + largest(costs) / epsilon))
    }),
  ]
}

interface Solved {
  readonly f: readonly number[]
  readonly g: readonly number[]
  readonly costs: readonly number[]
  readonly epsilon: number
  readonly plan: readonly number[]
  readonly dual: number
}

const solvedOf = (
  { mu, nu }: CloudPair,
  f: readonly number[],
  g: readonly number[],
  costs: readonly number[],
  epsilon: number,
): Solved => {
  const m = g.length
  const plan = costs.map((entry, index) => {
    const [i, j] = [Math.floor(index / m), index % m]
    const weight = (mu.weights[i] ?? 0) * (nu.weights[j] ?? 0)
    return weight > 0 && epsilon > 0 ? weight * Math.exp(((f[i] ?? NaN) + (g[j] ?? NaN) - entry) / epsilon) : 0
  })
  const linear = inner(mu, f) + inner(nu, g)
  const slack = epsilon > 0 ? epsilon * (total(plan) - total(mu.weights) * total(nu.weights)) : 0
  return { f, g, costs, epsilon, plan, dual: linear - slack }
}

const inner = ({ weights }: Cloud, values: readonly number[]): number =>
  total(weights.map((weight, index) => (weight > 0 ? weight * (values[index] ?? NaN) : 0)))

/** `f_i + g_j` where both points have weight: what does not depend on the constant that may go from f to g. */
const weightedSums = ({ mu, nu }: CloudPair, f: readonly number[], g: readonly number[]): readonly number[] =>
  mu.weights.flatMap((a, i) => nu.weights.map((b, j) => (a > 0 && b > 0 ? (f[i] ?? NaN) + (g[j] ?? NaN) : 0)))
