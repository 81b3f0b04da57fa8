import { mongeError } from '@monge/errors'
import { cast } from '@tensorflow/tfjs-core'
import { tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import type { Either } from 'fp-ts/lib/Either.js'
import type { Tensor } from '@tensorflow/tfjs-core'
import { build, equalWeights, fault } from './build.js'
import { livesHere } from './home.js'
import { accept, refuse } from './measure-error.js'
import type { MeasureError } from './measure-error.js'
import type { Measure } from './measure.js'

/**
 * The measure of given tensors. It reads them to check their values, and holds references of its own: the caller's
 * tensors stay the caller's. Tensors that live elsewhere than at `place` are copied there.
 *
 * @param points `[n, d]`
 * @param weights `[n]`; without them every point has weight 1/n
 * @param place where the measure is to live; tfjs's current backend by default
 * @returns the measure, or what is wrong with the tensors
 * @throws InvalidArgument if a tensor has been disposed of
 */
export const fromTensors = (points: Tensor, weights?: Tensor, place?: Place): Either<MeasureError, Measure> => {
  const error = formFault('points', points, 2) ?? (weights && formFault('weights', weights, 1))
  if (error !== undefined) return refuse(error)
  const [n, d] = points.shape as [number, number]
  const parts = { points: points.dataSync(), weights: weights?.dataSync(), n, d }
  const make = (): Either<MeasureError, Measure> => {
    if (!livesHere(points) || (weights !== undefined && !livesHere(weights))) return build(parts, undefined)
    const values = { points: toFloat(parts.points), weights: toFloat(parts.weights ?? equalWeights(n)) }
    const wrong = fault({ ...values, n, d, given: values })
    return wrong === undefined
      ? accept({ weights: weights ? own(weights) : tensorFrom(values.weights, [n]), points: own(points) })
      : refuse(wrong)
  }
  return place === undefined ? make() : place.within(make)
}

const formFault = (where: 'weights' | 'points', tensor: Tensor, expected: number): MeasureError | undefined => {
  if (tensor.isDisposed) throw mongeError('InvalidArgument', `fromTensors: ${where}`, 'the tensor has been disposed of')
  if (!['float32', 'int32', 'bool'].includes(tensor.dtype)) return { tag: 'WrongType', where, type: tensor.dtype }
  return tensor.rank === expected ? undefined : { tag: 'WrongRank', where, rank: tensor.rank, expected }
}

// A cast to the type that a tensor has already is another reference to it.
const own = <T extends Tensor>(tensor: Tensor): T => cast(tensor, 'float32') as T

const toFloat = (values: ArrayLike<number>): Float32Array | Float64Array =>
  values instanceof Float64Array || values instanceof Float32Array ? values : Float32Array.from(values)
