import type { Place } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { copyParams, disposeParams, moveBy, valueAndGradientOf } from '@monge/generators'
import type { Optimiser, Params } from '@monge/generators'
import { fold } from '@monge/random'
import type { Key } from '@monge/random'
import type { Scalar } from '@tensorflow/tfjs-core'
import { averaged } from './average.js'
import type { TrainingState } from './training.js'

/** Where a training is that goes down a loss by an optimiser. */
export interface Descent<P extends Params = Params> extends TrainingState {
  readonly params: P
  /** Their exponential moving average, which makes the better samples (Song and Ermon 2020). */
  readonly average: P
  /** What the optimiser remembers. */
  readonly memory: unknown
}

/** What all steps of a descent have in common. */
export interface DescentOptions {
  /** What errors call it. */
  readonly where: string
  readonly place: Place
  readonly optimiser: Optimiser
  /** How much the average of parameters keeps in a step. */
  readonly averaging: number
}

/** What a step goes down, a function of parameters, and what it tells of it as its loss: the value, unless said. */
export interface Objective<P extends Params> {
  readonly of: (params: P) => Scalar
  readonly told?: (value: number) => number
}

/** A descent as `{ init, step }`, whose steps draw what they see by a key of their own: `fold(iteration)` of the training's. */
export interface Descending {
  /** The state of parameters before the first step. They are the state's from then on. */
  init<P extends Params>(key: Key, params: P): Descent<P>
  /**
   * @throws Diverged where the loss leaves the numbers
   */
  step<P extends Params>(state: Descent<P>, objectiveAt: (key: Key) => Objective<P>): Descent<P>
}

/** Stochastic gradient descent with an average of the parameters. */
export const descent = ({ where, place, optimiser, averaging }: DescentOptions): Descending => ({
  init: (key, params) =>
    place.within(() => ({
      iteration: 0,
      key,
      loss: Number.NaN,
      params,
      average: copyParams(params),
      memory: optimiser.init(params),
    })),
  step: ({ iteration, key, params: before, average, memory }, objectiveAt) =>
    place.within(() => {
      const { of, told = (given: number) => given } = objectiveAt(fold(iteration)(key))
      const { value, gradient } = valueAndGradientOf(of, place)(before)
      const loss = told(value.dataSync()[0] ?? Number.NaN)
      value.dispose()
      if (!Number.isFinite(loss)) {
        disposeParams(gradient)
        throw mongeError('Diverged', where, `the loss of step ${iteration} is ${loss}`)
      }
      const { params, state } = moveBy(optimiser)(gradient, memory, before)
      disposeParams(gradient)
      return { iteration: iteration + 1, key, loss, params, average: averaged(averaging, iteration)(average, params), memory: state }
    }),
})
