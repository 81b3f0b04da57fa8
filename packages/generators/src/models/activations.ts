import { requireOneOf } from '@monge/errors'
import { leakyRelu } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { rectified } from './rectify.js'
import { smooth } from './smooth.js'

/** A function of each number, by name. */
export type ActivationName =
  | 'linear'
  | 'relu'
  | 'leakyRelu'
  | 'elu'
  | 'tanh'
  | 'sigmoid'
  | 'softplus'
  | 'gelu'
  | 'swish'

/** A named activation, or any function that tfjs can differentiate. */
export type Activation = ActivationName | ((x: Tensor2D) => Tensor2D)

const named: Readonly<Record<ActivationName, (x: Tensor2D) => Tensor2D>> = {
  linear: (x) => x,
  relu: rectified,
  leakyRelu: (x) => leakyRelu(x, 0.01),
  elu: smooth('elu'),
  tanh: smooth('tanh'),
  sigmoid: smooth('sigmoid'),
  softplus: smooth('softplus'),
  gelu: smooth('gelu'),
  swish: smooth('swish'),
}

const names = Object.keys(named) as readonly ActivationName[]

/**
 * The function of an activation: `relu`, `leakyRelu` (slope 0.01 below zero), `elu`, `tanh`, `sigmoid`, `softplus`,
 * `gelu` (`x Φ(x)`), `swish` (`x sigmoid(x)`), `linear`, or a function of yours.
 */
export const activationOf = (where: string, activation: Activation): ((x: Tensor2D) => Tensor2D) =>
  typeof activation === 'function' ? activation : named[requireOneOf(names)(where, activation)]
