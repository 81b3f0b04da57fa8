import { constant, emptyLogarithm, softmin, tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import { toTyped } from '@monge/measures'
import type { Measure, MeasureData } from '@monge/measures'
import { add, mul } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Potential } from '../potential.js'
import { fromFunction } from './from-function.js'

/** A kernel density of data. */
export interface DensityOptions {
  /** The standard deviation of the Gaussian about each sample; by default Scott's rule. */
  readonly bandwidth?: number
}

/**
 * Minus the logarithm of the kernel density of samples `y_j` with weights `b_j` of sum b:
 * `V(x) = -log sum_j (b_j / b) N(x; y_j, h² I)`, of mass 1. The samples are copied, and reduced over by the backend,
 * which need not store a matrix.
 *
 * Scott's rule: `h = s n^(-1 / (d + 4))`, s² being the mean of the coordinates' variances, `n = b² / sum_j b_j²`.
 *
 * @throws InvalidOption, also where all samples are one point and no bandwidth is given
 * @see Scott, Multivariate density estimation (1992)
 */
export const density = (samples: Measure, options: DensityOptions = {}): (<V>(backend: Backend<V>) => Potential) => {
  requireKnownKeys(['bandwidth'])('density', options)
  const data = toTyped(samples)
  const bandwidth = requirePositive('density: bandwidth', options.bandwidth ?? scott(data))
  const { points, weights, n, d } = data
  const total = sumOf(weights)
  const logWeights = Float64Array.from(weights, (weight) => (weight > 0 ? Math.log(weight / total) : emptyLogarithm))
  const epsilon = 2 * bandwidth ** 2
  const normaliser = 0.5 * d * Math.log(Math.PI * epsilon)
  return <V>(backend: Backend<V>) => {
    const reduce = softmin(squaredDistance, epsilon)(backend)
    return fromFunction({
      name: 'density',
      dimension: d,
      value: (at) => {
        const [y, q] = [tensorFrom<Tensor2D>(points, [n, d]), tensorFrom<Tensor1D>(logWeights, [n])]
        return add(mul(reduce(at, y, q), constant(1 / epsilon)), constant(normaliser))
      },
    })(backend)
  }
}

const squaredDistance = { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 1 } } as const

const sumOf = (values: ArrayLike<number>): number => Array.from(values).reduce((sum, value) => sum + value, 0)

const scott = ({ points, weights, n, d }: MeasureData): number => {
  const total = sumOf(weights)
  let squares = 0
  for (let axis = 0; axis < d; axis++) {
    const along = Array.from({ length: n }, (_, row) => points[row * d + axis] ?? 0)
    const mean = sumOf(along.map((x, row) => x * (weights[row] ?? 0))) / total
    squares += sumOf(along.map((x, row) => (x - mean) ** 2 * (weights[row] ?? 0))) / total
  }
  const effective = total ** 2 / sumOf(weights.map((weight) => weight ** 2))
  if (squares > 0) return Math.sqrt(squares / d) * effective ** (-1 / (d + 4))
  throw mongeError('InvalidOption', 'density: bandwidth', 'expected one, since all samples are the same point')
}
