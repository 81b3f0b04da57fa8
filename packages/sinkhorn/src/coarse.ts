import type { Backend, Geometry } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { dispose, keep as keepTensor } from '@tensorflow/tfjs-core'
import { cellsOf, lengthOf, measureFrom, pointsOf } from './cells.js'
import type { Cells } from './cells.js'
import { epsilonsOf } from './clouds.js'
import { correctionOf } from './correction.js'
import { total } from './host.js'
import type { Settings } from './options.js'
import { damping, logScaling, sideOf, updateSource } from './problem.js'
import type { Potentials, Problem, Side } from './problem.js'
import { leap } from './schedule.js'
import { solveProblem } from './solver.js'
import type { Progress } from './solver.js'
import { pairOf } from './sweep.js'

/** What a solution between cells gives to the problem between the points that lie in them, until `release`. */
export interface Coarse<V> {
  /** Makes potentials to start from. */
  readonly start: () => Potentials<V>
  /** What a sweep that changes f by this is about to leave undone. */
  readonly correct: (residual: V) => V
  readonly release: () => void
}

/** Widths of cells to try, in lengths that the cost tells apart: the finer, the fewer sweeps are left for the points. */
const widths = [1.06, 1.41, 1.77]

/** By how much the source's cells are finer, if they may: it is the target's that are factored. */
const finer = 0.85

/** By how many times cells are to be fewer than points. */
const fewer = 4

/** Above this a factorisation takes much memory. */
const mostCells = 1000

/** The cells of two measures, source and target, between which a solution soon pays; undefined where there are none. */
export const pairOfCells = (
  { cost, epsilon }: Settings,
  mu: Measure,
  nu: Measure,
): readonly [Cells, Cells] | undefined => {
  const length = lengthOf(cost.pairwise, epsilon)
  if (length === undefined) return undefined
  const [source, target] = [pointsOf(mu), pointsOf(nu)]
  const [n, m] = [source.weights.length, target.weights.length]
  // To factor takes a sixth of the cube of the target's cells: no more than a few sweeps.
  const affordable = Math.min(mostCells, Math.cbrt(6 * n * m))
  for (const width of widths) {
    const to = cellsOf(target, width * length, Math.min(m / fewer, affordable))
    const most = Math.min(n / fewer, mostCells)
    const from = to && (cellsOf(source, finer * width * length, most) ?? cellsOf(source, width * length, most))
    if (to !== undefined && from !== undefined) return [from, to]
  }
  return undefined
}

/** More accurate than what cells are of points. */
const coarseTolerance = 1e-3

/** The most sweeps between cells; from where they stop is still a better start than none. */
const coarseSweeps = 300

/**
 * Solves transport between cells, and makes of it a start and a correction for the points that lie in them: a two-grid
 * method. Undefined if the numbers are of no use. Yields after some sweeps between cells, which are a small part of one
 * between points. To be driven within the backend's place.
 *
 * @see Schmitzer, Stabilized sparse scaling algorithms for entropy regularized transport problems (2019), for coarse starts
 * @see Hackbusch, Multi-grid methods and applications (1985), for coarse corrections
 */
export function* solveCoarsely<V>(
  backend: Backend<V>,
  settings: Settings,
  mu: Measure,
  nu: Measure,
  [from, to]: readonly [Cells, Cells],
): Generator<undefined, Coarse<V> | undefined> {
  const { vectors } = backend
  const { cost, epsilon, rho } = settings
  const releases: (() => void)[] = []
  const release = (): void => releases.splice(0).forEach((free) => free())
  const own = (...made: readonly V[]): void => {
    releases.push(() => new Set(made).forEach((vector) => vectors.release(vector)))
  }
  const keep = (make: () => V): V => {
    const vector = vectors.scope(() => vectors.keep(make()))
    own(vector)
    return vector
  }
  const sideFor = (measure: Measure): Side<V> =>
    vectors.scope(() => {
      const side = sideOf(vectors)(measure)
      own(vectors.keep(side.weights), vectors.keep(side.logWeights), vectors.keep(side.support))
      return side
    })
  const geometryOf = (x: Measure, y: Measure): Geometry<V> => {
    const geometry = backend.geometry(cost.pairwise, x.points, y.points)
    releases.push(() => geometry.dispose())
    return geometry
  }
  let handedOver = false
  try {
    const measures = [from, to].map((cells) => {
      const { weights, points } = measureFrom(cells)
      releases.push(() => dispose([weights, points]))
      // They are to outlive the scope of a sweep.
      return { weights: keepTensor(weights), points: keepTensor(points) }
    })
    const [source, target] = measures.map(sideFor)
    const geometry = geometryOf(measures[0], measures[1])
    const problem: Problem<V> = { vectors, geometry, source, target, rho, symmetric: false }
    const solved = yield* quietly(
      solveProblem(problem, {
        epsilons: epsilonsOf({ ...settings, schedule: leap }, backend.precision, measures[0], measures[1]),
        tolerance: coarseTolerance * total(from.weights),
        maximumIterations: coarseSweeps,
        acceleration: undefined,
        leaps: true,
        start: undefined,
      }),
    )
    own(...pairOf(solved.potentials), ...pairOf(solved.updated))
    const { f, g } = solved.updated
    const potentials = [vectors.toArray(f), vectors.toArray(g)] as const
    if (!potentials.every((values) => values.every((value) => Number.isFinite(value)))) return undefined
    const weights = [from.weights, to.weights] as const
    const missing = correctionOf({ epsilon, rho, weights, potentials, costs: geometry.entries(0, weights[0].length) })
    // From points to cells of the target: the softmin's derivative is the mean under the rows of the plan.
    const across = { ...problem, geometry: geometryOf(mu, measures[1]) }
    const undamped = keep(() => updateSource({ ...across, rho: undefined }, epsilon)(g))
    const p = keep(() => vectors.linear([[1 / epsilon, undamped]]))
    const q = keep(() => logScaling(vectors, epsilon, target, g))
    const masses = mu.weights.dataSync()
    handedOver = true
    return {
      start: () => ({
        f: vectors.linear([[damping(epsilon, rho), undamped]]),
        g: vectors.fromArray(new Float64Array(nu.weights.shape[0])),
      }),
      correct: (residual) => {
        const change = missing(meansOver(from, masses, vectors.toArray(residual)))
        return across.geometry.planSum(epsilon, p, q, vectors.fromArray(change), 1)
      },
      release,
    }
  } finally {
    if (!handedOver) release()
  }
}

/** The weighted means of values at points over the cells that the points lie in. */
const meansOver = (cells: Cells, weights: ArrayLike<number>, values: ArrayLike<number>): Float64Array => {
  const sums = new Float64Array(cells.weights.length)
  cells.cellOf.forEach((cell, i) => {
    if (cell >= 0) sums[cell] += weights[i] * values[i]
  })
  return sums.map((sum, cell) => sum / cells.weights[cell])
}

/** Sweeps between cells from one yield to the next: to give way takes about as long as one. */
const breath = 4

/** Drives a solve to its end without telling how far it is. */
function* quietly<A>(solve: Generator<Progress, A>): Generator<undefined, A> {
  try {
    for (let sweeps = 1; ; sweeps++) {
      const { done, value } = solve.next()
      if (done === true) return value
      if (sweeps % breath === 0) yield undefined
    }
  } finally {
    solve.return(undefined as never)
  }
}
