import { differentiate, registerGradients } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError, requireInteger, requireKnownKeys } from '@monge/errors'
import { keep, ones, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Potential, ValueAndGradient } from '../potential.js'

/** A potential in a user's words. */
export interface PotentialFunctions {
  /** V at points `[n, d]`: `[n]`, of tfjs operations, each value a function of its own point alone. */
  readonly value: (points: Tensor2D) => Tensor
  /** The gradient of V at points `[n, d]`: `[n, d]`. Without it, tfjs differentiates the value. */
  readonly gradient?: (points: Tensor2D) => Tensor
  /** The dimension of the points, where there is but one that fits. */
  readonly dimension?: number
  /** How errors call it; "potential" by default. */
  readonly name?: string
}

/**
 * The potential that tfjs functions compute, of values alone or of values and gradients.
 *
 * @throws InvalidOption; when it is computed, DimensionMismatch where what comes back is not `[n]` or `[n, d]`
 * @example
 * const potential = fromFunction({ value: (x) => sum(square(square(x)), 1) })(backend)
 */
export const fromFunction = (functions: PotentialFunctions): ((place: Place) => Potential) => {
  requireKnownKeys(['value', 'gradient', 'dimension', 'name'])('fromFunction', functions)
  const { value, gradient, dimension, name = 'potential' } = functions
  if (typeof value !== 'function') throw mongeError('InvalidOption', 'fromFunction: value', 'expected a function')
  if (gradient !== undefined && typeof gradient !== 'function')
    throw mongeError('InvalidOption', 'fromFunction: gradient', 'expected a function')
  if (dimension !== undefined) requireInteger(1)('fromFunction: dimension', dimension)
  const values = (points: Tensor2D): Tensor1D =>
    requireShape<Tensor1D>(`${name}: value`, value(points), [points.shape[0]])

  return (place) => {
    const inPlace = <A>(body: () => A): A => place.within(() => tidy(body as () => Tensor) as A)
    const both = (points: Tensor2D): ValueAndGradient => {
      if (gradient !== undefined) {
        const slopes = requireShape<Tensor2D>(`${name}: gradient`, gradient(points), points.shape)
        return { value: values(points).clone(), gradient: slopes.clone() }
      }
      registerGradients()
      const kept: Tensor1D[] = []
      const taped = (x: Tensor2D): Tensor1D => {
        const result = values(x)
        // What is differentiated frees all that it makes, but for its gradient.
        kept.push(keep(result.clone()))
        return result
      }
      try {
        const slopes = differentiate(taped, points, ones([points.shape[0]]))
        return { value: (kept[0] as Tensor1D).clone(), gradient: slopes }
      } finally {
        for (const tensor of kept) tensor.dispose()
      }
    }
    return {
      name,
      place,
      ...(dimension === undefined ? {} : { dimension }),
      value: (points) => inPlace(() => values(points).clone()),
      gradient: (points) => inPlace(() => both(points).gradient),
      valueAndGradient: (points) => inPlace(() => both(points)),
    }
  }
}

const requireShape = <T extends Tensor>(where: string, tensor: Tensor, shape: readonly number[]): T => {
  if (tensor.rank === shape.length && tensor.shape.every((size, axis) => size === shape[axis])) return tensor as T
  const [expected, got] = [shape.join(', '), tensor.shape.join(', ')]
  throw mongeError('DimensionMismatch', where, `expected a tensor [${expected}], got [${got}]`)
}
