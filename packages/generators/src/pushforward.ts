import { constant } from '@monge/backend'
import type { Place } from '@monge/backend'
import { requireKnownKeys } from '@monge/errors'
import { split } from '@monge/random'
import { div, fill, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import type { Measure } from '@monge/measures'
import type { Generator, Noise } from './generator.js'
import { affineMap } from './models/affine-map.js'
import type { Composed } from './models/compose.js'
import { perceptron } from './models/perceptron.js'
import type { Layer, PerceptronOptions, PerceptronParams } from './models/perceptron.js'
import type { PointMap } from './models/point-map.js'
import { normalNoise } from './noise.js'
import type { Params } from './params.js'

/** A generator's two functions, made to run at its place and to leave nothing behind but their results. */
export const generatorAt = <P extends Params>(
  place: Place,
  noise: Noise,
  init: Generator<P>['init'],
  apply: (params: P, noise: Tensor2D) => Measure,
): Generator<P> => ({
  place,
  noise,
  // Records of tensors are what tidy is for, though its type does not take all of them for containers.
  init: (key) => place.within(() => tidy((() => init(key)) as () => TensorContainer) as P),
  apply: (params, drawn) =>
    place.within(() => tidy((() => apply(params, drawn)) as unknown as () => TensorContainer) as unknown as Measure),
})

/** `1 / n`, n times. */
export const equalWeights = (n: number): Tensor1D => div(fill([n], 1), constant(n))

/** The measure of noise under a map with parameters: `f# noise`, of equal weights. */
export const pushforward =
  <P extends Params>(map: PointMap<P>, noise: Noise) =>
  (place: Place): Generator<P> =>
    generatorAt(
      place,
      noise,
      (key) => map.init(key),
      (params, drawn) => ({ weights: equalWeights(drawn.shape[0]), points: map.apply(params, drawn) }),
    )

/** Choices of `multilayerPerceptron`. */
export interface GeneratorOptions extends PerceptronOptions {
  /** Default: standard normal, of the network's input dimension. */
  readonly noise?: Noise
}

/**
 * The measure of noise under a multilayer perceptron.
 *
 * @throws InvalidOption
 */
export const multilayerPerceptron = (options: GeneratorOptions): ((place: Place) => Generator<PerceptronParams>) => {
  requireKnownKeys(['sizes', 'activation', 'finalActivation', 'initialiser', 'noise'])('multilayerPerceptron', options)
  const { noise, ...rest } = options
  const map = perceptron(rest)
  return pushforward(map, noise ?? normalNoise(options.sizes[0] ?? 1))
}

/** The normal distributions of a dimension: standard normal noise under affine maps, the identity at first. */
export const gaussian = (dimension: number): ((place: Place) => Generator<Layer>) =>
  pushforward(affineMap(dimension), normalNoise(dimension))

/** The measures of a generator, mapped on: `f# generator`, with its weights. Both have parameters. */
export const mapped =
  <Q extends Params>(map: PointMap<Q>) =>
  <P extends Params>(generator: Generator<P>): Generator<Composed<P, Q>> =>
    generatorAt(
      generator.place,
      generator.noise,
      (key) => {
        const [ofFirst = key, ofSecond = key] = split(2)(key)
        return { first: generator.init(ofFirst), second: map.init(ofSecond) }
      },
      ({ first, second }, drawn) => {
        const { weights, points } = generator.apply(first, drawn)
        return { weights, points: map.apply(second, points) }
      },
    )
