import type { Params } from '@monge/generators'
import type { Key } from '@monge/random'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'

/**
 * A network of points and noise levels: `[n, d]` and the logarithms of the levels `[n]`, to `[n, d]`. At the current
 * place, differentiable by tfjs in the parameters.
 */
export interface NoiseNetwork<P extends Params = Params> {
  readonly dimension: number
  init(key: Key): P
  apply(params: P, points: Tensor2D, logLevels: Tensor1D): Tensor2D
}

/** A network of points alone: `[n, d]` to one number each, `[n]`. Differentiable in parameters and points. */
export interface EnergyNetwork<P extends Params = Params> {
  readonly dimension: number
  init(key: Key): P
  apply(params: P, points: Tensor2D): Tensor1D
}
