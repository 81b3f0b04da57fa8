import { adam, cosineRate, fit, generate, multilayerPerceptron } from '@monge/generators'
import type { Fit, FitOptions, PerceptronParams } from '@monge/generators'
import { disposeMeasure, toArrays } from '@monge/measures'
import { key, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Backend } from '@monge/backend'
import { blobs, measureOf } from './data.js'
import type { Cloud } from './data.js'
import { lossOf } from './forms.js'
import type { Form } from './words.js'

/** What to train. */
export interface Training {
  readonly form: Form
  readonly steps: number
  readonly batch: number
  readonly epsilon: number
  readonly seed: number
  readonly backend: Backend
}

/** A training that has not begun, and who judges it. */
export interface Lesson {
  readonly fitting: Fit<PerceptronParams>
  readonly start: Key
  /** 400 points of data that no step sees. */
  readonly heldOut: Cloud
  /** The same noise through the network as it learns. */
  readonly shown: (params: PerceptronParams, count: number) => Cloud
  /** Other noise. */
  readonly fresh: (params: PerceptronParams, count: number) => Cloud
}

/** The tutorial's network and one form of the loss. All forms start from the same weights and see the same draws. */
export const lessonOf = ({ form, steps, batch, epsilon, seed, backend }: Training): Lesson => {
  const [start = key(seed), ofShow = key(seed), ofFresh = key(seed), ofHeldOut = key(seed)] = split(4)(key(seed))
  const generator = multilayerPerceptron({ sizes: [2, 64, 64, 2] })(backend)
  const options: FitOptions<PerceptronParams, unknown> = {
    generator,
    loss: lossOf(form, epsilon, backend),
    optimiser: adam(cosineRate(0.01, steps, 0.02)),
    target: (ofStep, count) => measureOf(blobs(count, ofStep), backend),
    batch,
  }
  const by = (ofNoise: Key) => (params: PerceptronParams, count: number): Cloud => {
    const measure = generate(generator)(params, ofNoise, count)
    const { points } = toArrays(measure)
    disposeMeasure(measure)
    return points.map(([x = 0, y = 0]) => [x, y] as const)
  }
  return { fitting: fit(options), start, heldOut: blobs(400, ofHeldOut), shown: by(ofShow), fresh: by(ofFresh) }
}
