import { mongeError } from '@monge/errors'
import { anderson } from './anderson.js'
import type { Anderson } from './anderson.js'
import { newton } from './newton.js'
import { ownership } from './ownership.js'
import { initialPotentials, update, updateSource } from './problem.js'
import type { Potentials, Problem } from './problem.js'
import type { Acceleration } from './options.js'
import { averaged, fromEitherSide, pairOf, relaxed } from './sweep.js'
import type { Method, Sweep } from './sweep.js'

/** How to solve one problem. */
export interface Course<V> {
  /** One sweep each; the last is the problem's own epsilon. */
  readonly epsilons: readonly number[]
  readonly tolerance: number | undefined
  readonly maximumIterations: number
  readonly acceleration: Acceleration | undefined
  /** Whether to go one potential after the other, and to the finish at once, where annealing has come to the last epsilon. */
  readonly leaps: boolean
  /** Makes potentials to start from, in place of what the weights alone say. */
  readonly start: (() => Potentials<V>) | undefined
  /**
   * What a sweep that changes f by this is about to leave undone, where somebody knows; of g, where `sweepsBack`. For those who
   * leap.
   */
  readonly correct?: ((residual: V) => V) | undefined
}

/** Where a solve stands after a sweep. */
export interface Progress {
  readonly iteration: number
  readonly epsilon: number
  /** The marginal error before the sweep, in units of mass; undefined while nobody measures it. */
  readonly error: number | undefined
}

/** What a solve leaves: potentials, and their un-averaged updates, which are what values are computed from. */
export interface Outcome<V> {
  readonly epsilon: number
  readonly potentials: Potentials<V>
  readonly updated: Potentials<V>
  /** The marginal error of the potentials, where it is known: they are then the solution. */
  readonly error: number | undefined
  readonly iterations: number
  /** Whether the tolerance was reached; a course without tolerance ends converged once its schedule is done. */
  readonly converged: boolean
}

type AnyMethod<V> = Method<V, Sweep<V>>

/** A rise of the dual value that is more than rounding, relative to it. */
const meritStep = 1e-9

/** A way to finish, and in how many steps it must get on (halve its error, or raise the dual), or the next takes over. */
interface Finish<V> {
  readonly method: AnyMethod<V>
  readonly patience: number
}

/**
 * Solves a problem: yields after each sweep, returns the outcome. The caller drives it, so that long work can report,
 * pause and stop. The vectors of the outcome are the caller's to release; a solve that is left early frees its own.
 *
 * It must be driven within the backend's place.
 */
export function* solveProblem<V>(problem: Problem<V>, course: Course<V>): Generator<Progress, Outcome<V>> {
  const { vectors } = problem
  const { epsilons, tolerance, maximumIterations } = course
  const owned = ownership(vectors)
  let iteration = 0
  let converged = false
  let least = Infinity
  let measured: Potentials<V> | undefined
  try {
    let potentials = owned.make(
      () => course.start?.() ?? (isLeaping(problem, course) ? nothing(problem) : initialPotentials(problem, epsilons[0])),
      pairOf,
    )
    for (const epsilon of isLeaping(problem, course) ? epsilons.slice(0, -1) : epsilons) {
      if (iteration === maximumIterations) break
      const method = annealingMethod(problem, epsilon, course)
      potentials = owned.make(() => method.step(method.init(potentials)).potentials, pairOf)
      iteration += 1
      yield { iteration, epsilon, error: undefined }
    }
    const epsilon = epsilons[epsilons.length - 1]
    if (tolerance === undefined) converged = iteration === epsilons.length
    if (tolerance !== undefined) {
      problem.geometry.settle?.(epsilon)
      for (const { method, patience } of finishes(problem, epsilon, course)) {
        if (converged) break
        let state = method.init(potentials)
        least = Infinity
        let progress = { error: Infinity, merit: -Infinity, iteration }
        while (!converged && iteration < maximumIterations && iteration - progress.iteration < patience) {
          state = owned.make(() => method.step(state), (next) => [...next.live, ...pairOf(potentials)])
          iteration += 1
          const { error = NaN, merit = -Infinity, settled } = state
          if (Number.isNaN(error))
            throw mongeError('Diverged', 'sinkhorn', `the marginal error is not a number in sweep ${iteration}`)
          if (error < least) [least, potentials, measured] = [error, settled, state.measured]
          if (error <= progress.error / 2 || merit > progress.merit + meritStep * Math.abs(merit))
            progress = { error: Math.min(error, progress.error), merit: Math.max(merit, progress.merit), iteration }
          converged = error <= tolerance
          yield { iteration, epsilon, error }
        }
      }
    }
    // What has not converged can be so far off that no number holds its plan's mass: its target's marginal is made right.
    if (tolerance !== undefined && !converged && !problem.symmetric)
      potentials = owned.make(() => ({ f: updateSource(problem, epsilon)(potentials.g), g: potentials.g }), pairOf)
    if (isLeaping(problem, course) && converged && measured !== undefined) {
      owned.handOver([...pairOf(measured), ...pairOf(potentials)])
      return { epsilon, potentials: measured, updated: potentials, error: least, iterations: iteration, converged }
    }
    const updated = vectors.scope(() => {
      const next = update(problem, epsilon)(potentials)
      pairOf(next).forEach((vector) => vectors.keep(vector))
      return next
    })
    owned.handOver(pairOf(potentials))
    return { epsilon, potentials, updated, error: undefined, iterations: iteration, converged }
  } finally {
    owned.release()
  }
}

/** Potentials of zero, for methods that make the one from the other. */
const nothing = <V>({ vectors, source, target }: Problem<V>): Potentials<V> => ({
  f: vectors.linear([[0, source.weights]]),
  g: vectors.linear([[0, target.weights]]),
})

const isLeaping = <V>({ symmetric }: Problem<V>, { leaps }: Course<V>): boolean => leaps && !symmetric

const annealingMethod = <V>(problem: Problem<V>, epsilon: number, course: Course<V>): AnyMethod<V> => {
  const { acceleration } = course
  return problem.symmetric || (acceleration === undefined && !course.leaps)
    ? averaged(problem, epsilon, false)
    : anyMethod(relaxed(problem, epsilon, acceleration?.kind === 'relaxation' ? acceleration.factor : 1))
}

/** Plain and relaxed sweeps can crawl along a plateau for long before they get somewhere. */
const longPatience = 5000

/** Acceleration gets there soon or hardly ever. */
const shortPatience = 100

/** A correction that does not soon get there rests on cells that are too coarse. */
const correctedPatience = 8

/** A step of Newton's that gets nowhere is followed by few that do. */
const newtonPatience = 10

const finishes = <V>(problem: Problem<V>, epsilon: number, course: Course<V>): readonly Finish<V>[] => {
  const { acceleration, correct } = course
  if (problem.symmetric) return [{ method: averaged(problem, epsilon, true), patience: shortPatience }]
  const sweeps = (factor: number): AnyMethod<V> => anyMethod(relaxed(problem, epsilon, factor))
  const mixed =
    (memory: number, correction?: (residual: V) => V) =>
    (from: Problem<V>): Method<V, Anderson<V>> =>
      anderson(from, epsilon, memory, correction)
  switch (acceleration?.kind) {
    case undefined:
      return [
        ...(correct === undefined
          ? []
          : [{ method: anyMethod(fromEitherSide(problem, mixed(16, correct))), patience: correctedPatience }]),
        { method: anyMethod(isLeaping(problem, course) ? fromEitherSide(problem, mixed(16)) : mixed(16)(problem)), patience: shortPatience },
        { method: anyMethod(newton(problem, epsilon)), patience: newtonPatience },
      ]
    case 'none':
      return [{ method: sweeps(1), patience: longPatience }]
    case 'relaxation':
      return [{ method: sweeps(acceleration.factor), patience: longPatience }]
    case 'anderson':
      return [{ method: anyMethod(mixed(acceleration.memory)(problem)), patience: longPatience }]
    case 'newton':
      return [{ method: anyMethod(newton(problem, epsilon)), patience: newtonPatience }]
  }
}

// A method's state is made and read by the method alone; the driver only looks at what every state has.
const anyMethod = <V, S extends Sweep<V>>(method: Method<V, S>): AnyMethod<V> => method as unknown as AnyMethod<V>
