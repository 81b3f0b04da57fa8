import { adam, fit, multilayerPerceptron, run } from '@monge/generators'
import type { Generator, PerceptronParams } from '@monge/generators'
import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { choice, fold, key, split } from '@monge/random'
import type { Key } from '@monge/random'
import { sinkhornDivergence } from '@monge/sinkhorn'
import type { Backend, Place } from '@monge/backend'
import { side } from './handwriting.js'
import type { Handwriting, Pictures } from './handwriting.js'

/** What to train. */
export interface Training {
  readonly handwriting: Handwriting
  readonly steps: number
  readonly batch: number
  readonly blur: number
  readonly seed: number
  /** Where the network runs. */
  readonly place: Place
  /** Where transport is solved. */
  readonly backend: Backend
}

/** What came of it. */
export interface Run {
  readonly losses: readonly number[]
  /** The same noise through the network as it learns. */
  readonly snapshots: readonly { readonly step: number; readonly pictures: Pictures }[]
  /** Fresh pictures at the end. */
  readonly fresh: Pictures
  /** Sinkhorn divergences to held-out pictures: before training, after it, and of as many pictures to learn from. */
  readonly before: number
  readonly after: number
  readonly real: number
  /** Milliseconds that a step took. */
  readonly milliseconds: number
}

const size = side * side

const measureOf = (pictures: Pictures, place: Place): Measure =>
  measureOrThrow(fromArrays(pictures, undefined, place))

const some = (pictures: Pictures, count: number, ofChoice: Key): Pictures =>
  Array.from(choice(pictures.length, Math.min(count, pictures.length))(ofChoice), (index) => pictures[index] ?? new Float32Array(size))

/** Trains the tutorial's network, normal noise in 64 dimensions to ink between 0 and 1, by the Sinkhorn divergence. */
export const train = ({ handwriting, steps, batch, blur, seed, place, backend }: Training): Run => {
  const [ofFit = key(seed), ofShow = key(seed), ofFresh = key(seed), ofHeldOut = key(seed)] = split(4)(key(seed))
  const generator = multilayerPerceptron({ sizes: [64, 128, 256, size], finalActivation: 'sigmoid' })(place)
  const loss = sinkhornDivergence({ blur, scaling: 0.7 })(backend)
  const training = fit({
    generator,
    loss,
    optimiser: adam(1e-3),
    target: (ofStep, count) => measureOf(some(handwriting.learn, count, ofStep), backend),
    batch,
  })
  const judge = sinkhornDivergence({ blur, tolerance: 1e-4 })(backend)
  const heldOut = some(handwriting.heldOut, 200, ofHeldOut)
  const toHeldOut = (pictures: Pictures): number => {
    const [mu, nu] = [measureOf(pictures, backend), measureOf(heldOut, backend)]
    const value = toNumber(judge)(mu, nu)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return value
  }
  const stride = Math.max(1, Math.ceil(steps / 24))
  const losses: number[] = []
  const snapshots: { step: number; pictures: Pictures }[] = []
  const samples: Pictures[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(training, ofFit, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps)
      snapshots.push({ step: iteration, pictures: picturesOf(generator, params, ofShow, 64) })
    if (iteration === 0 || iteration === steps) samples.push(picturesOf(generator, params, ofFresh, heldOut.length))
    resumed = performance.now()
  }
  const [untrained = [], fresh = untrained] = samples
  return {
    losses,
    snapshots,
    fresh,
    before: toHeldOut(untrained),
    after: toHeldOut(fresh),
    real: toHeldOut(some(handwriting.learn, heldOut.length, fold(1)(ofHeldOut))),
    milliseconds: spent / (steps + 1),
  }
}

const picturesOf = (generator: Generator<PerceptronParams>, params: PerceptronParams, ofNoise: Key, count: number): Pictures => {
  const noise = generator.noise(ofNoise, count)
  const measure = generator.apply(params, noise)
  const { points } = toTyped(measure)
  noise.dispose()
  disposeMeasure(measure)
  return Array.from({ length: count }, (_, index) => Float32Array.from(points.subarray(index * size, (index + 1) * size)))
}
