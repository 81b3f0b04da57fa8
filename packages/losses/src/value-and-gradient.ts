import { Tensor, tidy, zerosLike } from '@tensorflow/tfjs-core'
import { registerGradients } from '@monge/backend'
import { mongeError } from '@monge/errors'
import type { Measure } from '@monge/measures'
import type { Scalar, TensorContainer } from '@tensorflow/tfjs-core'
import type { MeasureGradient } from './envelope.js'
import type { Loss } from './loss.js'
import { tapedGradients } from './taped-gradients.js'
import type { TapedGradients } from './taped-gradients.js'

/** A loss and its gradient in both measures. */
export interface ValueAndGradients {
  readonly value: Scalar
  readonly mu: MeasureGradient
  readonly nu: MeasureGradient
}

/** A loss and its gradient in one measure. */
export interface ValueAndGradient {
  readonly value: Scalar
  readonly gradient: MeasureGradient
}

/**
 * The value of a loss and its gradient in the weights `[n]` and points `[n, d]` of both measures. What the loss does
 * not depend on has gradient zero. All tensors of the result are the caller's to dispose of.
 *
 * @throws InvalidArgument if the loss is none, as one that still waits for its backend; what the loss throws
 */
export const valueAndGradient =
  (loss: Loss) =>
  (mu: Measure, nu: Measure): ValueAndGradients =>
    differentiate(loss, () => {
      const [from, to] = [copy(mu), copy(nu)]
      const { value, gradients } = tapedGradients(() => scalarOf(loss, from, to), [from.weights, from.points, to.weights, to.points])
      return { value, mu: gradientOf(from, gradients), nu: gradientOf(to, gradients.slice(2)) }
    })

/**
 * The value of a loss and its gradient in one of the measures only, at no cost for the other.
 *
 * @example
 * const { value, gradient } = valueAndGradientIn('mu')(loss)(mu, nu)
 */
export const valueAndGradientIn =
  (which: 'mu' | 'nu') =>
  (loss: Loss) =>
  (mu: Measure, nu: Measure): ValueAndGradient =>
    differentiate(loss, () => {
      const moving = copy(which === 'mu' ? mu : nu)
      const evaluate = (): Scalar => (which === 'mu' ? scalarOf(loss, moving, nu) : scalarOf(loss, mu, moving))
      const { value, gradients } = tapedGradients(evaluate, [moving.weights, moving.points])
      return { value, gradient: gradientOf(moving, gradients) }
    })

/** The value of a loss as a number. */
export const toNumber =
  (loss: Loss) =>
  (mu: Measure, nu: Measure): number =>
    tidy(() => loss(mu, nu).dataSync()[0] ?? Number.NaN)

// Its type denies it, but what makes a loss of a backend is soon passed on in place of the loss.
const scalarOf = (loss: Loss, mu: Measure, nu: Measure): Scalar => {
  const value: unknown = typeof loss === 'function' ? loss(mu, nu) : undefined
  if (value instanceof Tensor) return value as Scalar
  throw mongeError('InvalidArgument', 'valueAndGradient', 'expected a loss, which gives a scalar tensor: was it given its backend?')
}

const differentiate = <A extends object>(loss: Loss, body: () => A): A => {
  registerGradients()
  // Records of tensors are what tidy is for, though its type does not take them for a container.
  const run = (): A => tidy(body as unknown as () => TensorContainer) as A
  const place = (loss as Loss | undefined)?.place
  return place === undefined ? run() : place.within(run)
}

// Tensors of their own identity, so that gradients tell mu from nu where the caller passes the same tensor for both.
const copy = ({ weights, points }: Measure): Measure => ({ weights: weights.clone(), points: points.clone() })

type Gradients = TapedGradients['gradients']

const gradientOf = ({ weights, points }: Measure, [ofWeights, ofPoints]: Gradients): MeasureGradient => ({
  weights: (ofWeights as typeof weights | undefined) ?? zerosLike(weights),
  points: (ofPoints as typeof points | undefined) ?? zerosLike(points),
})
