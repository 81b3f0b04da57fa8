import { untaped } from '@monge/backend'
import type { Backend } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { mongeError } from '@monge/errors'
import type { Measure } from '@monge/measures'
import { dispose, keep } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { checkMeasures, featured } from './clouds.js'
import { solveJointly } from './joint.js'
import { settingsOf } from './options.js'
import type { Settings, SinkhornOptions } from './options.js'
import type { Plan } from './plan.js'
import { bestOf, qualityOf } from './quality.js'
import type { Quality } from './quality.js'
import type { Progress } from './solver.js'

/** Options of a solve that is to be looked at, not differentiated. */
export interface SolveOptions extends SinkhornOptions {
  /** Potentials to start from, in place of the schedule: those of a problem that is close to this one. */
  readonly start?: { readonly f: Tensor1D; readonly g: Tensor1D }
  /** Whether to work out `lower` and `upper`, which takes some passes over the costs; infinite if not. Default true. */
  readonly certificate?: boolean
  /** Stops the solve with an error, before the next sweep. */
  readonly signal?: AbortSignal
  /** Called after every sweep. */
  readonly onProgress?: (progress: Progress) => void
}

/** The solution of an entropic transport problem. Its tensors are the caller's to dispose of. */
export interface Solution extends Quality {
  /** `[n]`, in units of cost */
  readonly f: Tensor1D
  /** `[m]`, in units of cost */
  readonly g: Tensor1D
  readonly iterations: number
  /** Whether the tolerance was reached; without one, whether the schedule was gone through. */
  readonly converged: boolean
  readonly plan: Plan
}

/**
 * Solves entropic transport between two measures, and certifies the answer: `lower` and `upper` enclose the cost of
 * optimal transport without entropy.
 *
 * @throws InvalidOption, DimensionMismatch, MassMismatch before any work; Aborted; Diverged if a user's cost is not finite
 */
export const solve = (options: SolveOptions = {}): ((backend: Backend) => (mu: Measure, nu: Measure) => Solution) => {
  const settings = settingsOf('solve', problemOptions(options))
  return (backend) => (mu, nu) => {
    const sweeps = start('solve', settings, options, backend, mu, nu)
    try {
      for (;;) {
        const { done, value } = sweeps.next()
        if (done === true) return value
        watch('solve', options, value)
      }
    } finally {
      sweeps.return(undefined as never)
    }
  }
}

/**
 * The same, giving way to other work on the event loop (timers, rendering, an abort) about every `pause` milliseconds.
 * Meanwhile the measures must not be disposed of.
 */
export const solveAsync = (
  options: SolveOptions = {},
  pause = 20,
): ((backend: Backend) => (mu: Measure, nu: Measure) => Promise<Solution>) => {
  const settings = settingsOf('solveAsync', problemOptions(options))
  return (backend) => async (mu, nu) => {
    const sweeps = start('solveAsync', settings, options, backend, mu, nu)
    try {
      let resumed = performance.now()
      for (;;) {
        const { done, value } = sweeps.next()
        if (done === true) return value
        watch('solveAsync', options, value)
        if (performance.now() - resumed > pause) {
          await new Promise((resolve) => setTimeout(resolve, 0))
          checkSignal('solveAsync', options)
          resumed = performance.now()
        }
      }
    } finally {
      sweeps.return(undefined as never)
    }
  }
}

/** Solves many problems under the same options, one after the other; `onProgress` tells in which it is. */
export const solveBatch = (
  options: Omit<SolveOptions, 'start' | 'onProgress'> & {
    readonly onProgress?: (problem: number, progress: Progress) => void
  } = {},
): ((backend: Backend) => (problems: readonly (readonly [Measure, Measure])[]) => readonly Solution[]) => {
  const { onProgress, ...rest } = options
  settingsOf('solveBatch', problemOptions(rest))
  return (backend) => (problems) => {
    const solutions: Solution[] = []
    try {
      for (const [index, [mu, nu]] of problems.entries()) {
        const told = onProgress && { onProgress: (progress: Progress) => onProgress(index, progress) }
        solutions.push(solve({ ...rest, ...told })(backend)(mu, nu))
      }
      return solutions
    } catch (error) {
      for (const { f, g } of solutions) dispose([f, g])
      throw error
    }
  }
}

const notANumber = 'the value is not a number: is the cost one between all points?'
const tooFew = 'after so few sweeps at so small an epsilon no number holds the mass of the plan: anneal, or ask for a tolerance'

const isSound = ({ value, marginalError, lower, upper }: Quality, certified: boolean): boolean =>
  [value, marginalError, ...(certified ? [lower, upper] : [])].every((number) => Number.isFinite(number))

const problemOptions = ({
  start: _start,
  certificate: _certificate,
  signal: _signal,
  onProgress: _onProgress,
  ...rest
}: SolveOptions): SinkhornOptions => rest

const watch = (where: string, options: SolveOptions, progress: Progress | undefined): void => {
  if (progress !== undefined) options.onProgress?.(progress)
  checkSignal(where, options)
}

const checkSignal = (where: string, { signal }: SolveOptions): void => {
  if (signal?.aborted === true) throw mongeError('Aborted', where, 'the signal was raised', signal.reason)
}

/** The sweeps of a solve, each taken within the backend's place and off the tape; ends with the solution. */
function* start<V>(
  where: string,
  settings: Settings,
  options: SolveOptions,
  backend: Backend<V>,
  mu: Measure,
  nu: Measure,
): Generator<Progress | undefined, Solution> {
  checkSignal(where, options)
  checkMeasures(where, settings, mu, nu)
  checkStart(where, options, mu, nu)
  const { vectors } = backend
  const here = <A>(body: () => A): A => backend.within(() => untaped(body))
  const [source, target] = here(() => keptFeatures(settings.cost, [mu, nu]))
  const warm = options.start
  const potentials = warm && (() => ({ f: vectors.fromTensor(warm.f), g: vectors.fromTensor(warm.g) }))
  const certified = options.certificate ?? true
  let quality: Quality | undefined
  const joint = solveJointly(backend, settings, false, source, target, {
    start: potentials,
    inspect: (problem, outcome) => {
      quality = qualityOf(backend, problem, outcome, certified)
    },
  })
  try {
    for (;;) {
      const { done, value } = here(() => joint.next())
      if (done === true) {
        const { cross, release } = value
        try {
          const { f, g } = bestOf(cross)
          if (quality === undefined || !isSound(quality, certified))
            throw mongeError('Diverged', where, quality?.marginalError === Infinity ? tooFew : notANumber)
          const tensors = backend.within(() => ({
            f: vectors.toTensor<Tensor1D>(f, [mu.weights.shape[0]]),
            g: vectors.toTensor<Tensor1D>(g, [nu.weights.shape[0]]),
          }))
          const plan = { backend, cost: settings.cost, mu, nu, ...tensors, epsilon: settings.epsilon, rho: settings.rho }
          return { ...tensors, ...quality, iterations: cross.iterations, converged: cross.converged, plan }
        } finally {
          release()
        }
      }
      yield value
    }
  } finally {
    // Wherever tfjs is: this frees what the sweeps hold, and the backend's place may be gone, with a GPU's context.
    joint.return(undefined as never)
    if (settings.cost.features !== undefined) dispose([source.points, target.points])
  }
}

const keptFeatures = (cost: Cost, measures: readonly Measure[]): readonly Measure[] => {
  if (cost.features === undefined) return measures
  const images = measures.map((measure) => featured(cost, measure))
  // Features may be the points themselves, which are the caller's.
  return images.map(({ weights, points }) => ({ weights, points: keep(points.clone()) }))
}

const checkStart = (where: string, { start: warm }: SolveOptions, mu: Measure, nu: Measure): void => {
  if (warm === undefined) return
  const given = [warm.f.size, warm.g.size]
  const wanted = [mu.weights.size, nu.weights.size]
  if (given[0] !== wanted[0] || given[1] !== wanted[1])
    throw mongeError('DimensionMismatch', `${where}: start`, `expected ${wanted.join(' and ')} potentials, got ${given.join(' and ')}`)
}
