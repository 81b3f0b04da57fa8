import { marginalExcess, transposed, update, updateSource, updateTarget } from './problem.js'
import type { Potentials, Problem } from './problem.js'
import { translate } from './translation.js'

/**
 * Where an iteration at one epsilon stands. `error` is the marginal error of `potentials` as they were before the
 * sweep that made this state; undefined where nobody asked for it.
 */
export interface Sweep<V> {
  readonly potentials: Potentials<V>
  readonly error: number | undefined
  /** The dual value of those potentials, where the method knows it. */
  readonly merit?: number
  /** A plain update of the potentials that `error` was measured on, so at least as good: where to stop. */
  readonly settled: Potentials<V>
  /** Potentials of just that error, of which `settled` are the updates, where it is they that are wanted. */
  readonly measured?: Potentials<V> | undefined
  /** All vectors that the state holds: what must outlive the scope of a step, and be freed when the state is left. */
  readonly live: readonly V[]
}

/** An iteration at one epsilon: state in, state out. */
export interface Method<V, S extends Sweep<V>> {
  readonly init: (potentials: Potentials<V>) => S
  readonly step: (state: S) => S
}

export const pairOf = <V>({ f, g }: Potentials<V>): readonly V[] => (f === g ? [f] : [f, g])

/** Potentials of which g is f's update, translated where that gains; what f becomes by that g, and how far it is from that. */
interface OneSweep<V> {
  readonly moved: Potentials<V>
  readonly image: V
  readonly error: number
  /** The potentials, where their g is right on points without weight too. */
  readonly measured?: Potentials<V>
}

/** Sinkhorn's algorithm as an iteration on f. */
export const sweepOnce =
  <V>(problem: Problem<V>, epsilon: number) =>
  (f: V): OneSweep<V> => {
    const { geometry, source, target, rho } = problem
    const swept = rho === undefined ? geometry.transpose().sweep?.(epsilon, target, source, f) : undefined
    if (swept !== undefined) {
      const moved = { f, g: swept.f }
      return { moved, image: swept.g, error: swept.excess, measured: moved }
    }
    const moved = translate(problem)({ f, g: updateTarget(problem, epsilon)(f) })
    const image = updateSource(problem, epsilon)(moved.g)
    return { moved, image, error: marginalExcess(problem, epsilon, source, moved.f, image) }
  }

/**
 * A method that goes from the measure from which the backend sweeps at once, if there is one. Where marginals are exact, potentials
 * are then right up to another constant.
 */
export const fromEitherSide = <V, S extends Sweep<V>>(
  problem: Problem<V>,
  make: (problem: Problem<V>) => Method<V, S>,
): Method<V, S> => {
  if (!sweepsBack(problem)) return make(problem)
  const { init, step } = make(transposed(problem))
  const turnedState = (state: S): S => ({
    ...state,
    potentials: turned(state.potentials),
    settled: turned(state.settled),
    measured: state.measured && turned(state.measured),
  })
  return {
    init: (potentials) => turnedState(init(turned(potentials))),
    step: (state) => turnedState(step(turnedState(state))),
  }
}

/** Whether `fromEitherSide` goes from the target. */
export const sweepsBack = <V>({ rho, geometry }: Pick<Problem<V>, 'rho' | 'geometry'>): boolean =>
  rho === undefined && geometry.sweep !== undefined

export const turned = <V>({ f, g }: Potentials<V>): Potentials<V> => ({ f: g, g: f })

/**
 * Both potentials at once, each averaged with its update: GeomLoss's sweep, symmetric in the two measures. On a
 * symmetric problem the error halves with each sweep or better.
 */
export const averaged = <V>(problem: Problem<V>, epsilon: number, measured: boolean): Method<V, Sweep<V>> => ({
  init: (potentials) => ({ potentials, error: undefined, settled: potentials, live: pairOf(potentials) }),
  step: ({ potentials }) => {
    const { vectors, source, target, symmetric } = problem
    const next = update(problem, epsilon)(potentials)
    const excess = (side: typeof source, key: 'f' | 'g'): number =>
      marginalExcess(problem, epsilon, side, potentials[key], next[key])
    const error = measured ? excess(source, 'f') + (symmetric ? 0 : excess(target, 'g')) : undefined
    const mean = (u: V, v: V): V =>
      vectors.linear([
        [0.5, u],
        [0.5, v],
      ])
    const f = mean(potentials.f, next.f)
    const averages = { f, g: symmetric ? f : mean(potentials.g, next.g) }
    return { potentials: averages, error, settled: averages, live: pairOf(averages) }
  },
})

/** What relaxation remembers: the factor in use, and the smallest error so far. */
export interface Relaxation<V> extends Sweep<V> {
  readonly factor: number
  readonly best: number
}

/**
 * One potential after the other, each moved `factor` times the way to its update: 1 is Sinkhorn's algorithm, between 1
 * and 2 over-relaxation. Over-relaxation need not converge from far away: once the error has grown tenfold over its
 * minimum the factor falls back to 1, where it cannot grow.
 *
 * @see Thibault et al., Overrelaxed Sinkhorn-Knopp algorithm for regularized optimal transport (2021)
 */
export const relaxed = <V>(problem: Problem<V>, epsilon: number, factor: number): Method<V, Relaxation<V>> => ({
  init: (potentials) => ({
    potentials,
    error: undefined,
    settled: potentials,
    live: pairOf(potentials),
    factor,
    best: Infinity,
  }),
  step: (state) => {
    const { vectors, source, target } = problem
    const move = (from: V, to: V): V =>
      state.factor === 1
        ? to
        : vectors.linear([
            [1 - state.factor, from],
            [state.factor, to],
          ])
    const { f, g } = state.potentials
    const nextF = updateSource(problem, epsilon)(g)
    const moved = translate(problem)({ f: move(f, nextF), g })
    const nextG = updateTarget(problem, epsilon)(moved.f)
    const error =
      marginalExcess(problem, epsilon, source, f, nextF) + marginalExcess(problem, epsilon, target, moved.g, nextG)
    const potentials = { f: moved.f, g: move(moved.g, nextG) }
    const settled = { f: moved.f, g: nextG }
    const best = Math.min(error, state.best)
    const safe = error <= 10 * best
    const live = [...new Set([...pairOf(potentials), nextG])]
    return { potentials, error, settled, live, factor: safe ? state.factor : 1, best }
  },
})
