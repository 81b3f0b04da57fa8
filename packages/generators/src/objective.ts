import { requireInteger, requireKnownKeys } from '@monge/errors'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import type { Scalar } from '@tensorflow/tfjs-core'
import type { Generator } from './generator.js'
import type { Params } from './params.js'
import { tidyAt } from './value-and-gradient.js'

/** A problem of fitting with one noise. */
export interface ObjectiveOptions<P extends Params> {
  readonly generator: Generator<P>
  /** Called as `loss(model, data)`. */
  readonly loss: Loss
  readonly target: Measure
  /** Points of the model. */
  readonly count: number
  /** What the noise is drawn from, the same at every call. */
  readonly key: Key
}

/** The loss of parameters with one noise and all data: a function for `lbfgs`, and for `valueAndGradientOf`. */
export const objectiveOf = <P extends Params>(options: ObjectiveOptions<P>): ((params: P) => Scalar) => {
  requireKnownKeys(['generator', 'loss', 'target', 'count', 'key'])('objectiveOf', options)
  const { generator, loss, target, count, key } = options
  requireInteger(1)('objectiveOf: count', count)
  return (params) =>
    tidyAt(generator.place, () => loss(generator.apply(params, generator.noise(key, count)), target))
}
