import { constant } from '@monge/backend'
import type { Place } from '@monge/backend'
import { isMongeError, mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import type { ErrorTag } from '@monge/errors'
import type { Loss } from '@monge/losses'
import { fromTensors, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, split } from '@monge/random'
import type { Key } from '@monge/random'
import { add, mul } from '@tensorflow/tfjs-core'
import { drawnBy, minibatches } from './batch.js'
import type { Sampler } from './batch.js'
import { checkpointOf } from './checkpoint.js'
import type { Checkpoint } from './checkpoint.js'
import { fitError } from './fit-error.js'
import type { Generator } from './generator.js'
import type { Iteration, IterationState } from './iteration.js'
import type { Optimiser } from './optimiser.js'
import { moveBy } from './optimiser.js'
import { requireShare } from './optimisers/transform.js'
import type { Params } from './params.js'
import { requireSameShape } from './state-shape.js'
import { copyState } from './state-tree.js'
import { copyParams, zipParams } from './tree.js'
import { tidyAt, valueAndGradientOf } from './value-and-gradient.js'

/** Where a fit stands. Its tensors live until the next state is asked of `run`. */
export interface FitState<P extends Params = Params, State = unknown> extends Checkpoint<P, State>, IterationState {
  /** The loss of these parameters on the draw of this iteration. */
  readonly value: number
  /** Its gradient. */
  readonly gradient: P
  /** The data at the fit's place; none where a function draws them. */
  readonly data: Measure | undefined
}

/** An iteration that fits a generator: from a key, or on from a checkpoint (any state is one). */
export type Fit<P extends Params = Params, State = unknown> = Iteration<Key | Checkpoint<P, State>, FitState<P, State>>

/** What is fitted to what, and how. */
export interface FitOptions<P extends Params, State> {
  readonly generator: Generator<P>
  /** Called as `loss(model, data)`. */
  readonly loss: Loss
  readonly optimiser: Optimiser<State>
  /** The data; or what draws them anew for every step. */
  readonly target: Measure | Sampler
  /** Points in a step: of the model and of the data. One number for both, or each. */
  readonly batch: number | { readonly model: number; readonly target: number }
  /** The decay of a moving average of the parameters, in [0, 1); default: no average. */
  readonly average?: number
  /** Fresh noise and data in every step (default), or those of the first again and again. */
  readonly fresh?: boolean
}

/**
 * Fits a generator to data by the gradient of a loss: each step draws noise and a minibatch by key, and moves the
 * parameters by what the optimiser makes of the gradient. Nothing given is changed.
 *
 * @throws InvalidOption; in its steps, what the loss throws, and a `FitError` (tag `Diverged`) where the loss is not
 *   finite, which holds a copy of the last checkpoint that was
 */
export const fit = <P extends Params, State>(options: FitOptions<P, State>): Fit<P, State> => {
  requireKnownKeys(['generator', 'loss', 'optimiser', 'target', 'batch', 'average', 'fresh'])('fit', options)
  const { generator, loss, optimiser, target, fresh = true } = options
  const decay = options.average === undefined ? undefined : requireShare('fit: average', options.average)
  const batch = batchOf(options.batch)
  const { place } = generator
  requireSamePrecision(place, loss.place)
  const home = loss.place ?? place

  const here = <A>(body: () => A): A => tidyAt(place, body)

  const drawn = typeof target === 'function' ? drawnBy(target) : minibatches(target)

  /** The loss and its gradient where the fit has got to. */
  const arrive = (rest: Omit<FitState<P, State>, 'value' | 'gradient'>): FitState<P, State> => {
    const key = fold(fresh ? rest.iteration : 0)(rest.key)
    const [ofNoise = key, ofData = key] = split(2)(key)
    const noise = generator.noise(ofNoise, batch.model)
    const data = drawn(rest.data)(ofData, batch.target)
    const { value, gradient } = valueAndGradientOf((params: P) => loss(generator.apply(params, noise), data))(rest.params)
    const [number = NaN] = value.dataSync()
    if (!Number.isFinite(number))
      throw mongeError('Diverged', 'fit', `the loss is ${number} after ${rest.iteration} steps`)
    return { ...rest, value: number, gradient }
  }

  const start = (checkpoint: Checkpoint<P, State>): FitState<P, State> => {
    const { iteration, key, params, optimiser: memory, average = params } = copyState(checkpointOf(checkpoint))
    const data = typeof target === 'function' ? undefined : own(target, home)
    const rest = { iteration, key, params, optimiser: memory, data }
    return arrive(decay === undefined ? rest : { ...rest, average: copyParams(average) })
  }

  const resume = (checkpoint: Checkpoint<P, State>): FitState<P, State> => {
    const ours = generator.init(checkpoint.key)
    requireSameShape('fit: params of the checkpoint', checkpoint.params, ours)
    requireSameShape('fit: average of the checkpoint', checkpoint.average ?? ours, ours)
    requireSameShape('fit: optimiser of the checkpoint', checkpoint.optimiser, optimiser.init(ours))
    return start(checkpoint)
  }

  const begin = (key: Key): FitState<P, State> => {
    const [ofInit = key, ofSteps = key] = split(2)(key)
    const params = generator.init(ofInit)
    return start({ iteration: 0, key: ofSteps, params, optimiser: optimiser.init(params) })
  }

  const advance = (state: FitState<P, State>): FitState<P, State> => {
    const { params, state: memory } = moveBy(optimiser)(state.gradient, state.optimiser, state.params)
    const { iteration, key, average, data } = state
    const rest = { iteration: iteration + 1, key, params, optimiser: memory, data }
    return arrive(decay === undefined ? rest : { ...rest, average: mixed(decay, average ?? params, params) })
  }

  return {
    init: (from) => here(() => ('words' in from ? begin(from) : resume(from))),
    step: (state) => {
      try {
        return here(() => advance(state))
      } catch (error) {
        if (!isMongeError(error) || !signsOfDivergence.includes(error.tag)) throw error
        throw fitError(state, error)
      }
    },
  }
}

// How losses refuse what a model that runs away makes.
const signsOfDivergence: readonly ErrorTag[] = ['Diverged', 'InvalidArgument', 'InvalidMeasure', 'MassMismatch']

const batchOf = (batch: FitOptions<Params, unknown>['batch']): { readonly model: number; readonly target: number } => {
  if (typeof batch === 'object') requireKnownKeys(['model', 'target'])('fit: batch', batch)
  const { model, target } = typeof batch === 'object' ? batch : { model: batch, target: batch }
  return { model: requireInteger(1)('fit: batch', model), target: requireInteger(1)('fit: batch', target) }
}

// A tensor that goes to a place of another precision is rounded there, for good.
const requireSamePrecision = (place: Place, other: Place | undefined): void => {
  if (other !== undefined && other.precision !== place.precision)
    throw mongeError('InvalidOption', 'fit: loss', `computes in ${other.precision}, the generator in ${place.precision}`)
}

const own = ({ weights, points }: Measure, home: Place): Measure => measureOrThrow(fromTensors(points, weights, home))

const mixed = <P extends Params>(decay: number, average: P, params: P): P =>
  zipParams((kept, now) => add(mul(kept, constant(decay)), mul(now, constant(1 - decay))))(average, params)
