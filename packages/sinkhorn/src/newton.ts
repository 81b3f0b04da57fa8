import { damping, logScaling, marginalExcess, updateSource, updateTarget } from './problem.js'
import type { Potentials, Problem } from './problem.js'
import { pairOf } from './sweep.js'
import type { Method, Sweep } from './sweep.js'
import { translate } from './translation.js'

/** What Newton's method remembers: how much is added to the curvature. */
export interface Newton<V> extends Sweep<V> {
  readonly caution: number
}

/** Where caution begins, and below what it is none. */
const [firstCaution, leastCaution] = [1e-3, 1e-12]

/**
 * Newton's method on the semi-dual, in which g is always the update of f: for the last digits, and for small epsilon,
 * where sweeps get stuck between plans that hardly share mass.
 *
 * With `s_i` the marginal at i over the weight `a_i`, and the plan's row and column shares `P̃_ij = P_ij / a_i` and
 * `P̂_ij = P_ij / c_j`, c being the column sums, the step d solves
 *
 *     (s_i + (epsilon/rho) t_i + δ) d_i - λ sum_j P̃_ij sum_k P̂_kj d_k = epsilon (t_i - s_i),    t_i = e^(-f_i/rho) or 1,
 *
 * which is self-adjoint and positive semi-definite for the inner product weighted by a: conjugate gradients, each step
 * of which costs about a sweep and stores no matrix, stopped early while far away. A step is halved until the dual
 * value, which is concave, has gained enough; if none will do, a plain sweep takes its place, so that the method
 * converges from everywhere. The caution δ bounds steps along which there is hardly any curvature; it falls with every
 * whole step and rises with every shortened one.
 *
 * @see Cuturi, Peyré, Semidual regularized optimal transport (2018); Nocedal, Wright, Numerical optimization, chapter 7
 */
export const newton = <V>(problem: Problem<V>, epsilon: number): Method<V, Newton<V>> => ({
  init: (potentials) => ({
    potentials,
    error: undefined,
    settled: potentials,
    live: pairOf(potentials),
    caution: firstCaution,
  }),
  step: ({ potentials, caution }) => {
    const here = pointAt(problem, epsilon, potentials.f)
    const direction = solveNewton(problem, epsilon, here, caution)
    const { potentials: next, length } = search(problem, epsilon, here, direction)
    const settled = { f: here.updated, g: here.potentials.g }
    return {
      potentials: next,
      error: here.error,
      merit: here.value,
      settled,
      live: [...new Set([...pairOf(next), ...pairOf(settled)])],
      caution: length === 1 ? Math.max(leastCaution, caution / 10) : Math.min(1, 4 * caution),
    }
  },
})

/** Potentials whose g is the update of f, with what the next update of f would be, the error and the dual value. */
interface Point<V> {
  readonly potentials: Potentials<V>
  readonly updated: V
  readonly error: number
  readonly value: number
}

const pointAt = <V>(problem: Problem<V>, epsilon: number, from: V): Point<V> => {
  const { vectors, source, target, rho } = problem
  const potentials = translate(problem)({ f: from, g: updateTarget(problem, epsilon)(from) })
  const { f, g } = potentials
  const updated = updateSource(problem, epsilon)(g)
  const gain = (potential: V): V =>
    rho === undefined
      ? potential
      : vectors.linear([[-rho, vectors.exponentialMinusOne(vectors.linear([[-1 / rho, potential]]))]])
  // At the best g the plan has the mass that g asks for, so the entropic term is a function of g alone.
  const mass =
    rho === undefined
      ? 0
      : epsilon * vectors.dot(target.weights, vectors.exponentialMinusOne(vectors.linear([[-1 / rho, g]])))
  return {
    potentials,
    updated,
    error: marginalExcess(problem, epsilon, source, f, updated),
    value: vectors.dot(source.weights, gain(f)) + vectors.dot(target.weights, gain(g)) - mass,
  }
}

/** The most conjugate gradient steps for one step of Newton's. */
const patience = 60

const solveNewton = <V>(
  problem: Problem<V>,
  epsilon: number,
  { potentials, updated, error }: Point<V>,
  caution: number,
): Slope<V> => {
  const { vectors, geometry, source, target, rho } = problem
  const { f, g } = potentials
  const factor = damping(epsilon, rho)
  const add = (alpha: number, u: V, beta: number, v: V): V =>
    vectors.linear([
      [alpha, u],
      [beta, v],
    ])
  const share = vectors.exponential(
    vectors.multiply(source.support, add(1 / epsilon, f, -1 / (epsilon * factor), updated)),
  )
  const asked = vectors.exponential(vectors.linear([[rho === undefined ? 0 : -1 / rho, f]]))
  const diagonal = vectors.linear(
    [
      [1, share],
      [rho === undefined ? 0 : epsilon / rho, asked],
    ],
    caution,
  )
  const p = vectors.linear([[1 / epsilon, f]])
  const q = logScaling(vectors, epsilon, target, g)
  const weightedP = logScaling(vectors, epsilon, source, f)
  // Without the target's weights, and undamped, g makes the columns of the plan sum to one.
  const unweightedQ = vectors.linear([[1 / (epsilon * factor), g]])
  const apply = (d: V): V => {
    const means = geometry.transpose().planSum(epsilon, unweightedQ, weightedP, d, 1)
    const image = add(1, vectors.multiply(diagonal, d), -factor, geometry.planSum(epsilon, p, q, means, 1))
    return vectors.multiply(source.support, image)
  }
  const inner = (u: V, v: V): number => vectors.dot(vectors.multiply(source.weights, u), v)
  const gradient = vectors.multiply(source.support, add(1, asked, -1, share))
  const goal = Math.min(0.1, Math.sqrt(error)) ** 2
  let residual = vectors.linear([[epsilon, gradient]])
  let direction = residual
  let solution = vectors.linear([[0, residual]])
  const start = inner(residual, residual)
  let square = start
  for (let k = 0; k < patience && square > goal * start; k++) {
    const image = apply(direction)
    const curvature = inner(direction, image)
    if (!(curvature > 1e-14 * inner(direction, direction))) {
      if (k === 0) solution = direction
      break
    }
    solution = add(1, solution, square / curvature, direction)
    residual = add(1, residual, -square / curvature, image)
    const next = inner(residual, residual)
    direction = add(1, residual, next / square, direction)
    square = next
  }
  return { direction: solution, slope: inner(gradient, solution) }
}

/** A direction, and how fast the dual value rises along it. */
interface Slope<V> {
  readonly direction: V
  readonly slope: number
}

const search = <V>(
  problem: Problem<V>,
  epsilon: number,
  here: Point<V>,
  { direction, slope }: Slope<V>,
): { readonly potentials: Potentials<V>; readonly length: number } => {
  const { vectors } = problem
  for (let length = 1; length > 2 ** -12 && slope > 0; length /= 2) {
    const f = vectors.linear([
      [1, here.potentials.f],
      [length, direction],
    ])
    const there = pointAt(problem, epsilon, f)
    // Near the optimum the gain drowns in rounding; a smaller error is then as good a sign.
    if (there.value >= here.value + 1e-4 * length * slope || there.error < 0.5 * here.error)
      return { potentials: there.potentials, length }
  }
  return { potentials: { f: here.updated, g: here.potentials.g }, length: 0 }
}
