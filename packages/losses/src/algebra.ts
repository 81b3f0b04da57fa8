import * as tf from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import { requireFinite } from '@monge/errors'
import type { Measure } from '@monge/measures'
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import { combine } from './combine.js'
import type { Loss } from './loss.js'

/*
 * What makes new losses of old ones. Losses are a commutative monoid under `add`, with `zero`, and a vector space with
 * `scale`; `pullback` is a functor on feature maps. Each result can be differentiated like its parts.
 */

/** The loss that is zero everywhere. */
export const zero: Loss = combine([], () => constant(0))

/** `loss + other`. */
export const add =
  (other: Loss) =>
  (loss: Loss): Loss =>
    combine([loss, other], (mu, nu) => tf.add(loss(mu, nu), other(mu, nu)))

/** `factor loss`, for any finite factor. */
export const scale = (factor: number): ((loss: Loss) => Loss) => {
  requireFinite('scale: factor', factor)
  return (loss) => combine([loss], (mu, nu) => tf.mul(loss(mu, nu), constant(factor)))
}

/** The sum of a list of losses; that of none is `zero`. */
export const sum = (losses: readonly Loss[]): Loss => losses.reduce((total, loss) => add(loss)(total), zero)

/** `f(loss)`, for a tfjs-differentiable function of a scalar. */
export const map =
  (f: (value: Scalar) => Scalar) =>
  (loss: Loss): Loss =>
    combine([loss], (mu, nu) => f(loss(mu, nu)))

/** `(L(mu, nu) + L(nu, mu)) / 2` */
export const symmetrise = (loss: Loss): Loss =>
  combine([loss], (mu, nu) => tf.mul(tf.add(loss(mu, nu), loss(nu, mu)), constant(0.5)))

/** `L(mu, nu) - L(mu, mu) / 2 - L(nu, nu) / 2`: zero where the measures agree. */
export const debias = (loss: Loss): Loss =>
  combine([loss], (mu, nu) => tf.sub(loss(mu, nu), tf.mul(tf.add(loss(mu, mu), loss(nu, nu)), constant(0.5))))

/**
 * `L(features# mu, features# nu)`: the loss between the images of both measures under a tfjs-differentiable map of
 * points, `[n, d] -> [n, k]`. A pullback along `g` of one along `f` is the pullback along `f ∘ g`.
 */
export const pullback =
  (features: (points: Tensor2D) => Tensor2D) =>
  (loss: Loss): Loss => {
    const image = ({ weights, points }: Measure): Measure => ({ weights, points: features(points) })
    return combine([loss], (mu, nu) => loss(image(mu), image(nu)))
  }
