import type { Float } from '@monge/backend'
import { valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { dispose } from '@tensorflow/tfjs-core'
import { withClouds } from './clouds.js'
import type { Clouds } from './clouds.js'
import { valuesOf } from './values.js'

/** A loss and its gradients as numbers, in the precision of the loss's backend; points are row-major. */
export interface Evaluation {
  readonly value: number
  /** `[n * d]` */
  readonly gradX: Float
  /** `[m * d]` */
  readonly gradY: Float
  /** `[n]` */
  readonly gradA: Float
  /** `[m]` */
  readonly gradB: Float
}

/**
 * The value of any loss between two clouds of plain arrays, with its gradients in the points and the weights of both.
 *
 * @throws InvalidMeasure; InvalidArgument if the loss is none; what the loss throws
 * @example
 * const loss = samplesLoss({ loss: 'sinkhorn', p: 2, blur: 0.05 })(await defaultBackend())
 * const { value, gradX } = evaluate(loss)({ x: [[0, 0], [1, 0]], y: [[0, 1], [1, 1]] })
 */
export const evaluate =
  (loss: Loss) =>
  (clouds: Clouds): Evaluation =>
    withClouds('evaluate', (loss as Loss | undefined)?.place, clouds, (from, to) => {
      const { value, mu, nu } = valueAndGradient(loss)(from, to)
      const tensors = [value, mu.points, nu.points, mu.weights, nu.weights]
      const [[number], gradX, gradY, gradA, gradB] = tensors.map(valuesOf)
      dispose(tensors)
      return { value: number, gradX, gradY, gradA, gradB }
    })
