import type { Backend } from '@monge/backend'
import type { Cost } from '@monge/costs'
import type { Measure } from '@monge/measures'
import { epsilonsOf, suited } from './clouds.js'
import { pairOfCells, solveCoarsely } from './coarse.js'
import type { Coarse } from './coarse.js'
import { requireNumbers } from './numbers.js'
import type { Settings } from './options.js'
import { logScaling, sideOf } from './problem.js'
import type { Potentials, Problem, Side } from './problem.js'
import { solveProblem } from './solver.js'
import { pairOf, sweepsBack, turned } from './sweep.js'
import type { Outcome, Progress } from './solver.js'

/**
 * What the solution says of one measure: its potential f, and the log-scaling q of the measure opposite from which f is
 * the softmin, `f_i = -epsilon log sum_j exp(q_j - c_ij / epsilon)`, times the damping.
 */
export interface HalfSolution<V> {
  readonly f: V
  readonly q: V
}

/** Transport between two measures and, for debiasing, from each to itself. */
export interface JointSolution<V> {
  readonly source: { readonly cross: HalfSolution<V>; readonly self: HalfSolution<V> | undefined }
  readonly target: { readonly cross: HalfSolution<V>; readonly self: HalfSolution<V> | undefined }
  readonly cross: Outcome<V>
  /** Frees all of the solution's vectors. */
  readonly release: () => void
}

/** What concerns the problem between the two measures alone. */
export interface CrossOptions<V> {
  /** Makes potentials to start from, in place of the schedule. */
  readonly start?: (() => Potentials<V>) | undefined
  /** Looks at the solved problem and its outcome while its geometry, and all that it has stored, is still there. */
  readonly inspect?: ((problem: Problem<V>, outcome: Outcome<V>) => void) | undefined
}

/**
 * Solves the problem between two measures (of features, if the cost has any) and, if asked to, the two from each to
 * itself, on one schedule. To be driven within the backend's place.
 */
export function* solveJointly<V>(
  backend: Backend<V>,
  given: Settings,
  debias: boolean,
  mu: Measure,
  nu: Measure,
  { start, inspect }: CrossOptions<V> = {},
): Generator<Progress | undefined, JointSolution<V>> {
  const { vectors } = backend
  const settings = suited(given, mu, nu)
  const { cost, epsilon, rho, tolerance, maximumIterations, acceleration, leaps } = settings
  const epsilons = start === undefined ? epsilonsOf(settings, backend.precision, mu, nu) : [epsilon]
  const course = { epsilons, tolerance, maximumIterations, acceleration, leaps }
  const kept: V[] = []
  const keep = (make: () => V): V => {
    const vector = vectors.scope(() => vectors.keep(make()))
    kept.push(vector)
    return vector
  }
  const release = (): void => new Set(kept).forEach((vector) => vectors.release(vector))
  let handedOver = false
  const sideFor = (measure: Measure): Side<V> =>
    vectors.scope(() => {
      const side = sideOf(vectors)(measure)
      kept.push(vectors.keep(side.weights), vectors.keep(side.logWeights), vectors.keep(side.support))
      return side
    })
  const solveOne = function* (
    [from, a]: readonly [Measure, Side<V>],
    [to, b]: readonly [Measure, Side<V>],
    { start: warm, inspect: look }: CrossOptions<V> = {},
  ): Generator<Progress | undefined, Outcome<V>> {
    const symmetric = a === b
    const geometry = backend.geometry(cost.pairwise, from.points, to.points)
    let coarse: Coarse<V> | undefined
    try {
      const problem = { vectors, geometry, source: a, target: b, rho, symmetric }
      // A cost for which there are cells is the same both ways.
      const [near, far, turn] = sweepsBack(problem) ? [to, from, turned<V>] : [from, to, <P>(pair: P): P => pair]
      const cells = leaps && !symmetric && warm === undefined ? pairOfCells(settings, near, far) : undefined
      const made = cells && (yield* solveCoarsely(backend, settings, near, far, cells))
      coarse = made
      const outcome = yield* solveProblem(
        problem,
        made === undefined
          ? { ...course, start: warm }
          : { ...course, epsilons: [epsilon], start: () => turn(made.start()), correct: made.correct },
      )
      kept.push(...pairOf(outcome.potentials), ...pairOf(outcome.updated))
      requireNumbers(cost, vectors, a, outcome.updated.f)
      look?.(problem, outcome)
      return outcome
    } finally {
      geometry.dispose()
      coarse?.release()
    }
  }
  try {
    const source = sideFor(mu)
    const target = mu === nu && symmetricOnPoints(cost) ? source : sideFor(nu)
    const cross = yield* solveOne([mu, source], [nu, target], { start, inspect })
    const selves = debias ? [yield* solveOne([mu, source], [mu, source]), yield* solveOne([nu, target], [nu, target])] : []
    const half = (f: V, opposite: Side<V>, g: V): HalfSolution<V> => ({
      f,
      q: keep(() => logScaling(vectors, epsilon, opposite, g)),
    })
    const selfHalf = (side: Side<V>, outcome?: Outcome<V>): HalfSolution<V> | undefined =>
      outcome && half(outcome.updated.f, side, outcome.potentials.f)
    const solution = {
      source: { cross: half(cross.updated.f, target, cross.potentials.g), self: selfHalf(source, selves[0]) },
      target: { cross: half(cross.updated.g, source, cross.potentials.f), self: selfHalf(target, selves[1]) },
      cross,
      release,
    }
    handedOver = true
    return solution
  } finally {
    // A solve can also be left from outside, between two sweeps.
    if (!handedOver) release()
  }
}

/** Whether one potential serves both sides of the transport from a measure to itself. */
export const symmetricOnPoints = ({ pairwise, symmetric }: Cost): boolean => symmetric && pairwise.tag !== 'matrix'

/** Drives a solve to its end. */
export const finish = <A>(solve: Generator<unknown, A>): A => {
  for (;;) {
    const { done, value } = solve.next()
    if (done === true) return value
  }
}
