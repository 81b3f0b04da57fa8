import { requireOneOf } from '@monge/errors'
import { normal, uniform } from '@monge/random'
import type { Key } from '@monge/random'

/** How a layer of `inputs` to `outputs` numbers starts: `inputs * outputs` weights and `outputs` biases, on the host. */
export interface Initialiser {
  weights(key: Key, inputs: number, outputs: number): ArrayLike<number>
  bias(key: Key, inputs: number, outputs: number): ArrayLike<number>
}

/** A usual way to start, by name. */
export type InitialiserName =
  | 'glorotUniform'
  | 'glorotNormal'
  | 'heUniform'
  | 'heNormal'
  | 'lecunUniform'
  | 'lecunNormal'
  | 'pytorch'
  | 'zeros'

/** The variance of a weight. */
type Variance = (inputs: number, outputs: number) => number

const within = (limit: number, count: number, key: Key): Float64Array => uniform({ low: -limit, high: limit }, count)(key)

const none: Initialiser['bias'] = (_, __, outputs) => new Float64Array(outputs)

const evenly = (variance: Variance): Initialiser => ({
  weights: (key, inputs, outputs) => within(Math.sqrt(3 * variance(inputs, outputs)), inputs * outputs, key),
  bias: none,
})

const normally = (variance: Variance): Initialiser => ({
  weights: (key, inputs, outputs) => {
    const deviation = Math.sqrt(variance(inputs, outputs))
    return normal(inputs * outputs)(key).map((value) => deviation * value)
  },
  bias: none,
})

const glorot: Variance = (inputs, outputs) => 2 / (inputs + outputs)
const he: Variance = (inputs) => 2 / inputs
const lecun: Variance = (inputs) => 1 / inputs

const named: Readonly<Record<InitialiserName, Initialiser>> = {
  glorotUniform: evenly(glorot),
  glorotNormal: normally(glorot),
  heUniform: evenly(he),
  heNormal: normally(he),
  lecunUniform: evenly(lecun),
  lecunNormal: normally(lecun),
  pytorch: {
    weights: (key, inputs, outputs) => within(1 / Math.sqrt(inputs), inputs * outputs, key),
    bias: (key, inputs, outputs) => within(1 / Math.sqrt(inputs), outputs, key),
  },
  zeros: { weights: (_, inputs, outputs) => new Float64Array(inputs * outputs), bias: none },
}

const names = Object.keys(named) as readonly InitialiserName[]

/**
 * An initialiser: one of yours, or by name. `glorot…` has weights of variance `2 / (inputs + outputs)`, `he…`
 * `2 / inputs`, `lecun…` `1 / inputs`, and biases of zero; `pytorch`, PyTorch's default for linear layers, draws both
 * evenly from `±1 / sqrt(inputs)`.
 *
 * @see Glorot, Bengio, Understanding the difficulty of training deep feedforward neural networks (2010)
 * @see He et al., Delving deep into rectifiers (2015)
 */
export const initialiserOf = (where: string, initialiser: InitialiserName | Initialiser): Initialiser =>
  typeof initialiser === 'object' ? initialiser : named[requireOneOf(names)(where, initialiser)]
