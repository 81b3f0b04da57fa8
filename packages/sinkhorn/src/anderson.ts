import type { Problem } from './problem.js'
import { solveSymmetric } from './least-squares.js'
import { pairOf, sweepOnce } from './sweep.js'
import type { Method, Sweep } from './sweep.js'

/** A point that was tried, where the plain sweep leads from it, and the difference of the two. */
interface Trial<V> {
  readonly image: V
  readonly residual: V
  /** The products of the residual with those of the trials before it, oldest first, and with itself. */
  readonly products: readonly number[]
}

/** What Anderson's acceleration remembers. */
export interface Anderson<V> extends Sweep<V> {
  readonly history: readonly Trial<V>[]
  /** The best error so far, and the plain image of its point: where to go back to. */
  readonly best: number
  readonly safe: V | undefined
  /** What the last sweep found, of which the next point is still to be made. */
  readonly swept: Pick<Trial<V>, 'image' | 'residual'> | undefined
}

/**
 * Anderson's acceleration of Sinkhorn's algorithm as a fixed-point iteration on f: the next point combines the images
 * of the last `memory` points so that the combined residual is least (weighted by the source measure). It is guarded: a
 * point whose error is more than twice the best so far is dropped together with the history, and the iteration goes on
 * from the plain image of the best point, from where a plain sweep cannot do worse. The next point is made by the step that
 * sweeps from it: after the last sweep nobody asks for one.
 *
 * @see Walker, Ni, Anderson acceleration for fixed-point iterations (2011)
 */
export const anderson = <V>(
  problem: Problem<V>,
  epsilon: number,
  memory: number,
  correct?: (residual: V) => V,
): Method<V, Anderson<V>> => {
  const { vectors, source } = problem
  const add = (u: V, v: V): V =>
    vectors.linear([
      [1, u],
      [1, v],
    ])
  const extended = ({ history, swept }: Anderson<V>): readonly Trial<V>[] => {
    if (swept === undefined) return history
    const correction = correct?.(swept.residual)
    const [image, residual] =
      correction === undefined ? [swept.image, swept.residual] : [add(swept.image, correction), add(swept.residual, correction)]
    const weighted = vectors.multiply(source.weights, residual)
    const earlier = memory === 1 ? [] : history.slice(1 - memory)
    const products = [...earlier.map((trial) => vectors.dot(weighted, trial.residual)), vectors.dot(weighted, residual)]
    return [...earlier, { image, residual, products }]
  }
  return {
    init: (potentials) => ({
      potentials,
      error: undefined,
      settled: potentials,
      live: pairOf(potentials),
      history: [],
      best: Infinity,
      safe: undefined,
      swept: undefined,
    }),
    step: (state) => {
      const history = extended(state)
      const from = history.length === 0 ? state.potentials.f : combine(vectors, history)
      const { moved, image, error, measured } = sweepOnce(problem, epsilon)(from)
      const settled = { f: image, g: moved.g }
      if (state.safe !== undefined && !(error <= 2 * state.best))
        return withLive({
          potentials: { f: state.safe, g: moved.g },
          error,
          settled,
          measured,
          history: [],
          best: Infinity,
          safe: undefined,
          swept: undefined,
        })
      const residual = vectors.linear([
        [1, image],
        [-1, moved.f],
      ])
      const improved = error < state.best
      return withLive({
        potentials: settled,
        error,
        settled,
        measured,
        history,
        best: improved ? error : state.best,
        safe: improved ? image : state.safe,
        swept: { image, residual },
      })
    },
  }
}

const withLive = <V>(state: Omit<Anderson<V>, 'live'>): Anderson<V> => ({
  ...state,
  live: [
    ...new Set([
      ...pairOf(state.potentials),
      ...pairOf(state.settled),
      ...(state.measured === undefined ? [] : pairOf(state.measured)),
      ...[...state.history, ...(state.swept === undefined ? [] : [state.swept])].flatMap(({ image, residual }) => [image, residual]),
      ...(state.safe === undefined ? [] : [state.safe]),
    ]),
  ],
})

const combine = <V>(vectors: Problem<V>['vectors'], history: readonly Trial<V>[]): V => {
  // Rows begin with products of trials that are forgotten by now.
  const gram = history.map(({ products }, i) => products.slice(products.length - i - 1))
  // Residuals fall by orders of magnitude, and each is to count beside what is added to the diagonal.
  const scales = gram.map((row, i) => 1 / Math.sqrt(row[i]))
  const scaled = gram.map((row, i) => row.map((product, k) => scales[i] * scales[k] * product))
  const coefficients = solveSymmetric(scaled, scales).map((coefficient, k) => scales[k] * coefficient)
  const total = coefficients.reduce((sum, coefficient) => sum + coefficient, 0)
  return Number.isFinite(total) && total !== 0
    ? vectors.linear(history.map(({ image }, k) => [coefficients[k] / total, image] as const))
    : vectors.linear([[1, history[history.length - 1].image]])
}
