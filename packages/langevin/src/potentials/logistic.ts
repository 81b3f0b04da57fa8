import type { Place } from '@monge/backend'
import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import type { StochasticPotential } from '../stochastic.js'
import { fromLoops } from './from-loops.js'
import { requireVector } from './gaussian.js'

/** Data for a logistic regression, and what is known before. */
export interface LogisticOptions {
  /** A row of features for each of the N observations, `[N, d]`; for an intercept let one of them be 1. */
  readonly features: readonly (readonly number[])[]
  /** 0 or 1 for each, `[N]`. */
  readonly labels: readonly number[]
  /** The variance of the Gaussian prior about 0 of each coefficient; 1 by default. */
  readonly priorVariance?: number
}

/**
 * The posterior of a logistic regression's coefficients, up to a constant:
 * `V(θ) = |θ|² / 2v + sum_i log(1 + exp(θ·x_i)) - y_i θ·x_i`.
 *
 * @throws InvalidOption
 */
export const logisticRegression = (options: LogisticOptions): ((place: Place) => StochasticPotential) => {
  requireKnownKeys(['features', 'labels', 'priorVariance'])('logisticRegression', options)
  const { rows, dimension, labels } = dataOf(options)
  const precision = 1 / requirePositive('logisticRegression: priorVariance', options.priorVariance ?? 1)
  const every = Int32Array.from(labels.keys())

  const accumulate = (points: Float64Array, batch: Int32Array, gradient: Float64Array, value?: Float64Array): void => {
    const d = dimension
    const scale = labels.length / batch.length
    for (let start = 0, chain = 0; start < points.length; start += d, chain++) {
      let total = 0
      for (let axis = 0; axis < d; axis++) {
        const coefficient = points[start + axis] as number
        gradient[start + axis] = precision * coefficient
        total += 0.5 * precision * coefficient * coefficient
      }
      for (const index of batch) {
        let score = 0
        for (let axis = 0; axis < d; axis++) score += (points[start + axis] as number) * (rows[index * d + axis] as number)
        const label = labels[index] as number
        const small = Math.exp(-Math.abs(score))
        const probability = (score > 0 ? 1 : small) / (1 + small)
        const slope = scale * (probability - label)
        for (let axis = 0; axis < d; axis++)
          gradient[start + axis] = (gradient[start + axis] as number) + slope * (rows[index * d + axis] as number)
        if (value !== undefined) total += Math.max(score, 0) + Math.log1p(small) - label * score
      }
      if (value !== undefined) value[chain] = total
    }
  }

  return (place) => ({
    ...fromLoops({
      name: 'logisticRegression',
      dimension,
      onHost: (points, _, gradient, value) => accumulate(points, every, gradient, value),
    })(place),
    terms: labels.length,
    batchGradient: (points, _, batch) => {
      const gradient = new Float64Array(points.length)
      accumulate(points, batch, gradient)
      return gradient
    },
  })
}

interface Data {
  /** `[N, d]` */
  readonly rows: Float64Array
  readonly dimension: number
  /** `[N]` */
  readonly labels: Float64Array
}

const dataOf = ({ features, labels }: LogisticOptions): Data => {
  const rows = features.map((row) => requireVector('logisticRegression: features', row))
  const dimension = rows[0]?.length ?? 0
  if (dimension === 0 || rows.some(({ length }) => length !== dimension))
    throw mongeError('InvalidOption', 'logisticRegression: features', 'expected rows of one length, at least one')
  const targets = requireVector('logisticRegression: labels', labels)
  if (targets.length !== rows.length || targets.some((label) => label !== 0 && label !== 1))
    throw mongeError('InvalidOption', 'logisticRegression: labels', `expected ${rows.length} labels of 0 or 1`)
  const flat = new Float64Array(rows.length * dimension)
  rows.forEach((row, index) => flat.set(row, index * dimension))
  return { rows: flat, dimension, labels: targets }
}
