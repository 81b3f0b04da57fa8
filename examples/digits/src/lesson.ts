import { adam, fit, generate, multilayerPerceptron } from '@monge/generators'
import type { Fit, FitOptions, PerceptronParams } from '@monge/generators'
import { size } from '@monge-tooling/handwriting'
import type { Handwriting, Pictures } from '@monge-tooling/handwriting'
import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { choice, fold, key, split } from '@monge/random'
import type { Key } from '@monge/random'
import { sinkhornDivergence } from '@monge/sinkhorn'
import type { Backend, Place } from '@monge/backend'

/** What to train. */
export interface Training {
  readonly handwriting: Handwriting
  readonly batch: number
  readonly blur: number
  readonly seed: number
  /** Where the network runs. */
  readonly place: Place
  /** Where transport is solved. */
  readonly backend: Backend
}

/** A training that has not begun, and who judges it. */
export interface Lesson {
  readonly fitting: Fit<PerceptronParams>
  readonly start: Key
  /** The same noise through the network as it learns. */
  readonly shown: (params: PerceptronParams, count: number) => Pictures
  /** Other noise: as many pictures as are held out. */
  readonly fresh: (params: PerceptronParams) => Pictures
  /** As many pictures to learn from. */
  readonly known: Pictures
  /** The Sinkhorn divergence of pictures to those held out. */
  readonly toHeldOut: (pictures: Pictures) => number
}

const measureOf = (pictures: Pictures, place: Place): Measure => measureOrThrow(fromArrays(pictures, undefined, place))

const some = (pictures: Pictures, count: number, ofChoice: Key): Pictures =>
  Array.from(choice(pictures.length, Math.min(count, pictures.length))(ofChoice), (index) => pictures[index] ?? new Float32Array(size))

/** The tutorial's network, normal noise in 64 dimensions to ink between 0 and 1, by the Sinkhorn divergence. */
export const lessonOf = ({ handwriting, batch, blur, seed, place, backend }: Training): Lesson => {
  const [start = key(seed), ofShow = key(seed), ofFresh = key(seed), ofHeldOut = key(seed)] = split(4)(key(seed))
  const generator = multilayerPerceptron({ sizes: [64, 128, 256, size], finalActivation: 'sigmoid' })(place)
  const options: FitOptions<PerceptronParams, unknown> = {
    generator,
    loss: sinkhornDivergence({ blur, scaling: 0.7 })(backend),
    optimiser: adam(1e-3),
    target: (ofStep, count) => measureOf(some(handwriting.learn, count, ofStep), backend),
    batch,
  }
  const judge = sinkhornDivergence({ blur, tolerance: 1e-4 })(backend)
  const heldOut = some(handwriting.heldOut, 200, ofHeldOut)
  const by = (ofNoise: Key) => (params: PerceptronParams, count: number): Pictures => {
    const measure = generate(generator)(params, ofNoise, count)
    const { points } = toTyped(measure)
    disposeMeasure(measure)
    return Array.from({ length: count }, (_, index) => Float32Array.from(points.subarray(index * size, (index + 1) * size)))
  }
  return {
    fitting: fit(options),
    start,
    shown: by(ofShow),
    fresh: (params) => by(ofFresh)(params, heldOut.length),
    known: some(handwriting.learn, heldOut.length, fold(1)(ofHeldOut)),
    toHeldOut: (pictures) => {
      const [mu, nu] = [measureOf(pictures, backend), measureOf(heldOut, backend)]
      const value = toNumber(judge)(mu, nu)
      disposeMeasure(mu)
      disposeMeasure(nu)
      return value
    },
  }
}
