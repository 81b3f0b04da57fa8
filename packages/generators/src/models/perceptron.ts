import { tensorFrom } from '@monge/backend'
import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import { split } from '@monge/random'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { activationOf } from './activations.js'
import type { Activation } from './activations.js'
import { initialiserOf } from './initialisers.js'
import type { Initialiser, InitialiserName } from './initialisers.js'
import type { PointMap } from './point-map.js'
import { affine, rectifiedAffine } from './product.js'

/** A layer `x W + b`: weights `[inputs, outputs]` and bias `[outputs]`. */
export interface Layer {
  readonly [name: string]: Tensor1D | Tensor2D
  readonly weights: Tensor2D
  readonly bias: Tensor1D
}

/** The layers of a perceptron, from the input on. */
export interface PerceptronParams {
  readonly [name: string]: readonly Layer[]
  readonly layers: readonly Layer[]
}

/** Choices of a perceptron. */
export interface PerceptronOptions {
  /** Dimensions from input to output: `[2, 64, 64, 2]` has three layers. */
  readonly sizes: readonly number[]
  /** After every layer but the last; default `relu`. */
  readonly activation?: Activation
  /** After the last; default `linear`. */
  readonly finalActivation?: Activation
  /** Default `pytorch`. */
  readonly initialiser?: InitialiserName | Initialiser
}

/** The options of `perceptron`. */
export const perceptronKeys: readonly (keyof PerceptronOptions)[] = ['sizes', 'activation', 'finalActivation', 'initialiser']

/**
 * A multilayer perceptron, `[n, sizes[0]] -> [n, sizes.at(-1)]`: affine layers with activations between them.
 *
 * @throws InvalidOption
 */
export const perceptron = (options: PerceptronOptions): PointMap<PerceptronParams> => {
  requireKnownKeys(perceptronKeys)('perceptron', options)
  const sizes = requireSizes(options.sizes)
  const { activation: between = 'relu', finalActivation: final = 'linear' } = options
  const activation = activationOf('perceptron: activation', between)
  const finalActivation = activationOf('perceptron: finalActivation', final)
  const initialiser = initialiserOf('perceptron: initialiser', options.initialiser ?? 'pytorch')
  return {
    init: (key) => ({
      layers: split(sizes.length - 1)(key).map((ofLayer, i) => {
        const [inputs = 0, outputs = 0] = sizes.slice(i)
        const [ofWeights = ofLayer, ofBias = ofLayer] = split(2)(ofLayer)
        return {
          weights: tensorFrom<Tensor2D>(initialiser.weights(ofWeights, inputs, outputs), [inputs, outputs]),
          bias: tensorFrom<Tensor1D>(initialiser.bias(ofBias, inputs, outputs), [outputs]),
        }
      }),
    }),
    apply: ({ layers }, points) =>
      layers.reduce((incoming, { weights, bias }, i) => {
        const isLast = i === layers.length - 1
        if ((isLast ? final : between) === 'relu') return rectifiedAffine(incoming, weights, bias)
        const sums = affine(incoming, weights, bias)
        return isLast ? finalActivation(sums) : activation(sums)
      }, points),
  }
}

// A guard would make a list of anything of it.
const isList: (value: unknown) => boolean = Array.isArray

const requireSizes = (sizes: readonly number[]): readonly number[] => {
  if (!isList(sizes) || sizes.length < 2)
    throw mongeError('InvalidOption', 'perceptron: sizes', 'expected a list of at least two dimensions')
  return sizes.map((size) => requireInteger(1)('perceptron: sizes', size))
}
