import { mongeError, requireNonNegative } from '@monge/errors'
import { readMatrix, readWeights } from '../input.js'
import type { PointsInput } from '../input.js'
import { compensatedSum } from '../compensated.js'
import { eigen } from './decompositions.js'
import { symmetric } from './matrix.js'
import type { Rows } from './matrix.js'

/** The normal law of a mean `[d]` and a covariance `[d, d]`, symmetric and positive semidefinite. */
export interface Gaussian {
  readonly mean: readonly number[]
  readonly covariance: Rows
}

/** Checks a Gaussian; `where` is how errors name it. */
export const requireGaussian = (where: string, { mean, covariance }: Gaussian): Gaussian => {
  const d = mean.length
  const { rows, columns } = readMatrix(`${where}: covariance`, covariance)
  if (rows !== d || columns !== d)
    throw mongeError('DimensionMismatch', where, `a mean of ${d} numbers and a covariance of ${rows} x ${columns}`)
  const bad = mean.find((value) => !Number.isFinite(value))
  if (bad !== undefined) throw mongeError('InvalidArgument', `${where}: mean`, `expected finite numbers, got ${bad}`)
  const scale = Math.max(...covariance.flat().map(Math.abs))
  const skew = Math.max(...covariance.flatMap((row, i) => row.map((value, j) => Math.abs(value - covariance[j][i]))))
  if (skew > 1e-9 * scale) throw mongeError('InvalidArgument', `${where}: covariance`, 'is not symmetric')
  const least = Math.min(...eigen(symmetric(covariance)).values)
  if (least < -1e-9 * scale)
    throw mongeError('InvalidArgument', `${where}: covariance`, `has the negative eigenvalue ${least}`)
  return { mean, covariance: symmetric(covariance) }
}

/** Checks that several Gaussians are of one dimension. */
export const requireOneDimension = (where: string, laws: readonly Gaussian[]): void => {
  const other = laws.find(({ mean }) => mean.length !== laws[0].mean.length)
  if (other !== undefined)
    throw mongeError('DimensionMismatch', where, `dimensions ${laws[0].mean.length} and ${other.mean.length}`)
}

/**
 * The Gaussian of the mean and covariance of weighted points (the mean of squares, not the unbiased estimate), with
 * `regularisation` times the identity added to the covariance.
 */
export const empiricalGaussian = (sample: {
  readonly x: PointsInput
  readonly a?: ArrayLike<number>
  readonly regularisation?: number
}): Gaussian => {
  const x = readMatrix('empiricalGaussian: x', sample.x)
  const a = readWeights('empiricalGaussian: a', sample.a, x.rows)
  const regularisation = requireNonNegative('empiricalGaussian: regularisation', sample.regularisation ?? 0)
  const total = compensatedSum(a)
  const axes = Array.from({ length: x.columns }, (_, k) => k)
  const mean = axes.map((k) => compensatedSum(a.map((weight, i) => weight * x.data[i * x.columns + k])) / total)
  const covariance = axes.map((k) =>
    axes.map((l) => {
      const moments = a.map(
        (weight, i) => weight * (x.data[i * x.columns + k] - mean[k]) * (x.data[i * x.columns + l] - mean[l]),
      )
      return compensatedSum(moments) / total + (k === l ? regularisation : 0)
    }),
  )
  return { mean, covariance }
}
