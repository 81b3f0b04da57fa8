import type { Place } from '@monge/backend'
import { curvePoints, polynomialMixture } from '@monge/generators'
import type { Generator, PolynomialMixtureParams, PolynomialMixtureValues } from '@monge/generators'
import { toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { tensorFrom } from '@monge/backend'
import { dispose, tidy } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Cloud, Curve, Sample } from './plane.js'

/** The notebook's ground truth: 73 % of the mass about one place of a cubic (the notebook's p = 1 is
 * the first class's logit, ours the second's), the rest about another, more spread along it. */
export const truthValues: PolynomialMixtureValues = {
  logit: -1,
  sigmas: [0.2, 0.4],
  coefficients: [
    [-0.2, 1, 0.2, -0.3],
    [-1, -0.5, 0.9, 0.2],
  ],
}

/** Where a model starts: all of its points at the origin. */
export const startOf = (degree: number): PolynomialMixtureValues => ({
  logit: 0,
  sigmas: [1, 1],
  coefficients: [0, 1].map(() => Array.from({ length: degree + 1 }, () => 0)),
})

export type Mixture = Generator<PolynomialMixtureParams>

/** A mixture that has these values for its first parameters. */
export const mixtureOf = (initial: PolynomialMixtureValues, place: Place): Mixture =>
  polynomialMixture({ degree: (initial.coefficients[0]?.length ?? 0) - 1, initial })(place)

/** The parameters as numbers. */
export const valuesOf = ({ logit, sigmas, coefficients }: PolynomialMixtureParams): PolynomialMixtureValues => {
  const [one = 0, other = 0] = sigmas.dataSync()
  return { logit: logit.dataSync()[0] ?? 0, sigmas: [one, other], coefficients: coefficients.arraySync() }
}

/** A measure of the plane as numbers. */
export const sampleOf = (measure: Measure): Sample => {
  const { points, weights } = toArrays(measure)
  return { points: points.map(([x = 0, y = 0]) => [x, y] as const), weights }
}

/** The curve over the parameters that its classes reach, two standard deviations to either side, and its two centres. */
export const curveOf = ({ coefficients, sigmas }: PolynomialMixtureValues): Curve => {
  const [low, high] = [-1 - 2 * Math.abs(sigmas[0]), 1 + 2 * Math.abs(sigmas[1])]
  const along = Array.from({ length: 61 }, (_, k) => low + ((high - low) * k) / 60)
  const at = (parameters: readonly number[]): Cloud => {
    const points = tidy(() =>
      curvePoints(
        tensorFrom<Tensor2D>(coefficients.flat(), [2, coefficients[0]?.length ?? 0]),
        tensorFrom<Tensor2D>(parameters, [parameters.length, 1]),
      ),
    )
    const rows = points.arraySync()
    dispose(points)
    return rows.map(([x = 0, y = 0]) => [x, y] as const)
  }
  return { curve: at(along), centres: at([-1, 1]) }
}
