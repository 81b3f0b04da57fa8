import { constant, tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError, requireFinite, requireInteger, requireKnownKeys, requireNonNegative } from '@monge/errors'
import { normal, split } from '@monge/random'
import type { Key } from '@monge/random'
import { add, concat, matMul, mul, reshape, sigmoid, slice, stack, sub, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Generator } from '../generator.js'
import { normalNoise } from '../noise.js'
import { generatorAt } from '../pushforward.js'
import { requirePoints } from './gaussian-mixture.js'
import { membership, sharedWeights } from './shares.js'

/** Parameters of a polynomial mixture of degree `k` in dimension `d`. */
export interface PolynomialMixtureParams {
  readonly [name: string]: Tensor
  /** Its sigmoid is the weight of the second class, 1 minus it that of the first. */
  readonly logit: Scalar
  /** `[2]`: deviations of both classes along the parameter of the curve. */
  readonly sigmas: Tensor1D
  /** `[d, k + 1]`: the curve's coordinates as polynomials, the constants first. */
  readonly coefficients: Tensor2D
}

/** Numbers for the parameters of a polynomial mixture. */
export interface PolynomialMixtureValues {
  readonly logit: number
  readonly sigmas: readonly [number, number]
  readonly coefficients: readonly (readonly number[])[]
}

/** Choices of `polynomialMixture`. */
export interface PolynomialMixtureOptions {
  readonly degree: number
  /** Default 2. */
  readonly dimension?: number
  /** Where both classes are centred, on the parameter of the curve; default -1 and 1. */
  readonly centres?: readonly [number, number]
  /** The deviation of points about the curve; default 0.05. */
  readonly noise?: number
  /** The parameters at first; by default a logit of 0, deviations of 1, and random coefficients, smaller in higher degrees. */
  readonly initial?: PolynomialMixtureValues
}

/**
 * Two normal classes on a polynomial curve with noise about it: points `q(c_j + sigma_j t) + noise z` for the class j with
 * `t`, `z` standard normal and `q` the polynomial. Half of the points are of each class and share its weight, so that
 * weights are differentiable, too. The model of Feydy's notebook *Fitting a generative model using standard divergences*.
 *
 * @throws InvalidOption; when it is applied, InvalidArgument for fewer than two points
 */
export const polynomialMixture = (
  options: PolynomialMixtureOptions,
): ((place: Place) => Generator<PolynomialMixtureParams>) => {
  requireKnownKeys(['degree', 'dimension', 'centres', 'noise', 'initial'])('polynomialMixture', options)
  const degree = requireInteger(1)('polynomialMixture: degree', options.degree)
  const d = requireInteger(1)('polynomialMixture: dimension', options.dimension ?? 2)
  const noise = requireNonNegative('polynomialMixture: noise', options.noise ?? 0.05)
  const centres = (options.centres ?? [-1, 1]).map((centre) => requireFinite('polynomialMixture: centres', centre))
  const initial = options.initial === undefined ? undefined : requireValues(options.initial, d, degree)
  return (place) =>
    generatorAt(
      place,
      normalNoise(1 + d),
      (key) => {
        const { logit, sigmas, coefficients } = initial ?? randomValues(d, degree)(key)
        return {
          logit: constant(logit),
          sigmas: tensorFrom<Tensor1D>(sigmas, [2]),
          coefficients: tensorFrom<Tensor2D>(coefficients.flat(), [d, degree + 1]),
        }
      },
      ({ logit, sigmas, coefficients }, drawn) => {
        const n = drawn.shape[0]
        requirePoints('polynomialMixture', n, 2)
        const belongs = membership(n, 2)
        const along = slice(drawn, [0, 0], [n, 1])
        const about = slice(drawn, [0, 1], [n, d])
        const middle = matMul<Tensor2D>(belongs, tensorFrom<Tensor2D>(centres, [2, 1]))
        const parameter = add<Tensor2D>(middle, mul(matMul(belongs, reshape(sigmas, [2, 1])), along))
        const share = sigmoid(logit)
        const classes = stack([sub(constant(1), share), share])
        return {
          weights: sharedWeights(belongs, classes),
          points: add(curvePoints(coefficients, parameter), mul(about, constant(noise))),
        }
      },
    )
}

/** Points `[n, d]` of a polynomial curve of coefficients `[d, k + 1]` at parameters `[n, 1]`. Differentiable in both. */
export const curvePoints = (coefficients: Tensor2D, parameter: Tensor2D): Tensor2D =>
  tidy(() => {
    const powers = [add<Tensor2D>(mul(parameter, 0), 1)]
    while (powers.length < coefficients.shape[1]) powers.push(mul(powers.at(-1) ?? parameter, parameter))
    return matMul(concat(powers, 1), transpose(coefficients))
  })

const randomValues =
  (d: number, degree: number) =>
  (key: Key): PolynomialMixtureValues => ({
    logit: 0,
    sigmas: [1, 1],
    coefficients: split(d)(key).map((ofRow) => Array.from(normal(degree + 1)(ofRow), (value, power) => value / 2 ** power)),
  })

const requireValues = (values: PolynomialMixtureValues, d: number, degree: number): PolynomialMixtureValues => {
  const where = 'polynomialMixture: initial'
  requireKnownKeys(['logit', 'sigmas', 'coefficients'])(where, values)
  const { logit, sigmas, coefficients } = values
  if (sigmas.length !== 2 || coefficients.length !== d || coefficients.some((row) => row.length !== degree + 1))
    throw mongeError('InvalidOption', where, `expected two sigmas and ${d} rows of ${degree + 1} coefficients`)
  ;[logit, ...sigmas, ...coefficients.flat()].forEach((value) => requireFinite(where, value))
  return values
}
