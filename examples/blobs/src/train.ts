import { adam, cosineRate, fit, multilayerPerceptron, run } from '@monge/generators'
import type { Generator, PerceptronParams } from '@monge/generators'
import { toNumber } from '@monge/losses'
import { disposeMeasure, toArrays } from '@monge/measures'
import { key, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Backend } from '@monge/backend'
import { blobs, measureOf } from './data.js'
import type { Cloud } from './data.js'
import { forms, lossOf } from './forms.js'
import type { Form } from './forms.js'

/** What to train. */
export interface Training {
  readonly form: Form
  readonly steps: number
  readonly batch: number
  readonly epsilon: number
  readonly seed: number
  readonly backend: Backend
}

/** What came of it. */
export interface Run {
  /** The loss of every step, on its own draw of noise and data. */
  readonly losses: readonly number[]
  /** The same noise through the network as it learns. */
  readonly snapshots: readonly { readonly step: number; readonly points: Cloud }[]
  readonly heldOut: Cloud
  /** 1000 samples at the end. */
  readonly fresh: Cloud
  /** All forms of the loss between a batch of them and one of held-out data. */
  readonly values: Readonly<Record<Form, number>>
  /** Milliseconds that a step took. */
  readonly milliseconds: number
}

/** Trains the tutorial's network by one form of the loss. All forms start from the same weights and see the same draws. */
export const train = ({ form, steps, batch, epsilon, seed, backend }: Training): Run => {
  const [ofFit = key(seed), ofShow = key(seed), ofFresh = key(seed), ofHeldOut = key(seed)] = split(4)(key(seed))
  const generator = multilayerPerceptron({ sizes: [2, 64, 64, 2] })(backend)
  const training = fit({
    generator,
    loss: lossOf(form, epsilon, backend),
    optimiser: adam(cosineRate(0.01, steps, 0.02)),
    target: (ofStep, count) => measureOf(blobs(count, ofStep), backend),
    batch,
  })
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; points: Cloud }[] = []
  let fresh: Cloud = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(training, ofFit, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps)
      snapshots.push({ step: iteration, points: samplesOf(generator, params, ofShow, 200) })
    if (iteration === steps) fresh = samplesOf(generator, params, ofFresh, 1000)
    resumed = performance.now()
  }
  const heldOut = blobs(400, ofHeldOut)
  return { losses, snapshots, heldOut, fresh, values: valuesOf(fresh, heldOut, { batch, epsilon, backend }), milliseconds: spent / (steps + 1) }
}

const samplesOf = (generator: Generator<PerceptronParams>, params: PerceptronParams, ofNoise: Key, count: number): Cloud => {
  const noise = generator.noise(ofNoise, count)
  const measure = generator.apply(params, noise)
  const { points } = toArrays(measure)
  noise.dispose()
  disposeMeasure(measure)
  return points.map(([x = 0, y = 0]) => [x, y] as const)
}

const valuesOf = (
  fresh: Cloud,
  heldOut: Cloud,
  { batch, epsilon, backend }: Pick<Training, 'batch' | 'epsilon' | 'backend'>,
): Readonly<Record<Form, number>> => {
  const [mu, nu] = [measureOf(fresh.slice(0, batch), backend), measureOf(heldOut.slice(0, batch), backend)]
  const value = (form: Form): number => toNumber(lossOf(form, epsilon, backend))(mu, nu)
  const [transport = 0, primal = 0, dual = 0, debiased = 0] = forms.map(value)
  disposeMeasure(mu)
  disposeMeasure(nu)
  return { transport, primal, dual, debiased }
}
