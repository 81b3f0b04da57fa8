import { tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { isMongeError, mongeError, requireInteger, requireKnownKeys, requireNonNegative } from '@monge/errors'
import { dispose } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D } from '@tensorflow/tfjs-core'
import type { Iteration, IterationState } from '../iteration.js'
import type { Params } from '../params.js'
import { copyParams, leavesOf } from '../tree.js'
import { tidyAt, valueAndGradientOf } from '../value-and-gradient.js'
import { dot, quasiNewton } from './direction.js'
import { flatten, unflatten } from './flat.js'
import { strongWolfe } from './line-search.js'
import type { Probe } from './line-search.js'

/** Where a descent by L-BFGS stands. */
export interface LbfgsState<P extends Params = Params> extends IterationState {
  readonly params: P
  readonly gradient: P
  /** The last steps and the changes of the gradient over them, `[n]` each, the oldest first. */
  readonly memory: readonly { readonly step: Tensor1D; readonly change: Tensor1D }[]
  /** How often the function has been evaluated. */
  readonly evaluations: number
  /** `converged` where no number of the gradient is above the tolerance, `stuck` where no step lowers the function. */
  readonly status: 'running' | 'converged' | 'stuck'
}

/** Choices of `lbfgs`. */
export interface LbfgsOptions {
  /** Where to compute. */
  readonly place: Place
  /** The number of steps that are remembered; default 10. */
  readonly memory?: number
  /** The largest number in the gradient of a minimum; default 1e-8 in float64, 1e-4 in float32. */
  readonly tolerance?: number
  /** The most evaluations in a step; default 25. */
  readonly evaluations?: number
}

/**
 * Descends a function of parameters that is the same at every call, by the method of Broyden, Fletcher, Goldfarb and
 * Shanno with limited memory and a line search for the strong Wolfe conditions. The function never rises. From a state
 * that is not `running` a step leads nowhere: stop a run by `until: isDone`.
 *
 * @throws InvalidOption; Diverged if the function is not finite at the start
 * @see Liu, Nocedal, On the limited memory BFGS method for large scale optimization (1989)
 * @see Nocedal, Wright, Numerical optimization (2006), chapters 3 and 7
 */
export const lbfgs = <P extends Params>(
  objective: (params: P) => Scalar,
  options: LbfgsOptions,
): Iteration<P, LbfgsState<P>> => {
  requireKnownKeys(['place', 'memory', 'tolerance', 'evaluations'])('lbfgs', options)
  const { place } = options
  const most = requireInteger(1)('lbfgs: memory', options.memory ?? 10)
  const tolerance = requireNonNegative('lbfgs: tolerance', options.tolerance ?? (place.precision === 'float64' ? 1e-8 : 1e-4))
  const evaluations = requireInteger(1)('lbfgs: evaluations', options.evaluations ?? 25)
  const differentiate = valueAndGradientOf(objective)
  const isFlat = (gradient: Float64Array): boolean => gradient.every((slope) => Math.abs(slope) <= tolerance)

  const along = (state: LbfgsState<P>, origin: Float64Array, direction: Float64Array): ((step: number) => Reached) => {
    const shaped = unflatten(state.params)
    return (step) => {
      const params = shaped(origin.map((value, i) => value + step * (direction[i] ?? 0)))
      // Read back, since the place may have rounded them.
      const point = flatten(params)
      const { value, gradient } = attempt(() => {
        const found = differentiate(params)
        return { value: found.value.dataSync()[0] ?? NaN, gradient: flatten(found.gradient) }
      }, origin.length)
      dispose([...leavesOf(params)])
      return { step, value, slope: dot(gradient, direction), point, gradient }
    }
  }

  const advance = (state: LbfgsState<P>): LbfgsState<P> => {
    const [origin, slopes] = [flatten(state.params), flatten(state.gradient)]
    const pairs = state.memory.map(({ step, change }) => ({ step: flatten(step), change: flatten(change) }))
    let direction = quasiNewton(slopes, pairs)
    let used = pairs.length
    if (!(dot(direction, slopes) < 0)) {
      direction = quasiNewton(slopes, [])
      used = 0
    }
    // Without a memory there is no scale: a first step of length 1 at most.
    const first = used === 0 ? Math.min(1, 1 / Math.sqrt(dot(slopes, slopes))) : 1
    let count = 0
    const probe = along(state, origin, direction)
    const found = strongWolfe(
      { step: 0, value: state.value, slope: dot(direction, slopes) },
      first,
      (step) => {
        count += 1
        return probe(step)
      },
      { decrease: 1e-4, curvature: 0.9, evaluations },
    )
    const next = { iteration: state.iteration + 1, evaluations: state.evaluations + count }
    if (found === undefined) {
      // A memory that leads nowhere is forgotten before the function is given up.
      const memory = used === 0 ? state.memory : []
      return { ...state, ...next, memory, status: used === 0 ? 'stuck' : 'running' }
    }
    const step = found.point.map((value, i) => value - (origin[i] ?? 0))
    const change = found.gradient.map((value, i) => value - (slopes[i] ?? 0))
    const kept = used === 0 ? [] : state.memory
    const isCurved = dot(step, change) > 1e-10 * dot(change, change)
    const shaped = unflatten(state.params)
    const n = [step.length]
    return {
      ...next,
      value: found.value,
      params: shaped(found.point),
      gradient: shaped(found.gradient),
      memory: isCurved
        ? [...kept, { step: tensorFrom<Tensor1D>(step, n), change: tensorFrom<Tensor1D>(change, n) }].slice(-most)
        : kept,
      status: isFlat(found.gradient) ? 'converged' : 'running',
    }
  }

  return {
    init: (start) =>
      tidyAt(place, () => {
        const params = copyParams(start)
        const { value, gradient } = differentiate(params)
        const [number = NaN] = value.dataSync()
        const slopes = flatten(gradient)
        if (!Number.isFinite(number) || !slopes.every(Number.isFinite))
          throw mongeError('Diverged', 'lbfgs', `the function is ${number} at the start`)
        const status = isFlat(slopes) ? 'converged' : 'running'
        return { iteration: 0, value: number, params, gradient, memory: [], evaluations: 1, status }
      }),
    step: (state) =>
      state.status === 'running' ? tidyAt(place, () => advance(state)) : { ...state, iteration: state.iteration + 1 },
  }
}

/** Ends a run of `lbfgs` where it cannot get on. */
export const isDone = ({ status }: Pick<LbfgsState, 'status'>): boolean => status !== 'running'

interface Found {
  readonly value: number
  readonly gradient: Float64Array
}

interface Reached extends Found, Probe {
  /** The parameters there. */
  readonly point: Float64Array
}

/** A function that gives up counts as infinite there. */
const attempt = (evaluate: () => Found, size: number): Found => {
  try {
    return evaluate()
  } catch (error) {
    if (isMongeError(error) && error.tag === 'Diverged') return { value: Infinity, gradient: new Float64Array(size) }
    throw error
  }
}
