import { mongeError, requireInteger, requireKnownKeys, requireNonNegative, requireOneOf, requirePositive } from '@monge/errors'
import type { Place } from '@monge/backend'
import type { Either } from 'fp-ts/lib/Either.js'
import { build } from './build.js'
import { refuse } from './measure-error.js'
import type { MeasureError } from './measure-error.js'
import type { Measure } from './measure.js'

/** A grey image, row by row from the top. */
export interface Density {
  /** `[height * width]` grey levels from 0, black, to `white`. */
  readonly data: ArrayLike<number>
  readonly width: number
  readonly height: number
  /** The level of white; by default 255 for bytes and 1 for anything else. */
  readonly white?: number
  /** What is mass: bright pixels (the default) or dark ones, ink on paper. */
  readonly mass?: 'brightness' | 'darkness'
  /** Pixels up to this share of the full mass of a pixel, from 0 to 1, are dropped; 0 by default. */
  readonly threshold?: number
  /** Whether the weights are divided by their sum; true by default. */
  readonly normalise?: boolean
}

const options = ['data', 'width', 'height', 'white', 'mass', 'threshold', 'normalise']

/**
 * The measure of a grey image: a point at the centre of each pixel that has mass. The longer side of the picture spans
 * `[0, 1]`, the second axis points up, pixels are square: `x = (column + ½) / s`, `y = (height - row - ½) / s` with
 * `s = max(width, height)`.
 *
 * @returns the measure, of mass 1 unless `normalise` is false, or what is wrong with the data
 * @throws InvalidOption if an option is unknown or out of its range
 */
export const fromDensity = (density: Density, place?: Place): Either<MeasureError, Measure> => {
  requireKnownKeys(options)('fromDensity', density)
  const { data } = density
  const width = requireInteger(1)('fromDensity: width', density.width)
  const height = requireInteger(1)('fromDensity: height', density.height)
  const bytes = data instanceof Uint8Array || data instanceof Uint8ClampedArray
  const white = requirePositive('fromDensity: white', density.white ?? (bytes ? 255 : 1))
  const mass = requireOneOf(['brightness', 'darkness'])('fromDensity: mass', density.mass ?? 'brightness')
  const threshold = requireNonNegative('fromDensity: threshold', density.threshold ?? 0)
  if (threshold >= 1) throw mongeError('InvalidOption', 'fromDensity: threshold', `expected less than 1, got ${threshold}`)
  if (data.length !== width * height)
    return refuse({ tag: 'WrongLength', where: 'data', length: data.length, expected: width * height })

  const side = Math.max(width, height)
  const points: number[] = []
  const weights: number[] = []
  for (let index = 0; index < data.length; index++) {
    const level = data[index] ?? NaN
    const weight = mass === 'brightness' ? level / white : (white - level) / white
    if (!Number.isFinite(weight)) return refuse({ tag: 'NotFinite', where: 'weights', index, value: level })
    if (weight < 0) return refuse({ tag: 'NegativeWeight', index, value: weight })
    if (weight <= threshold) continue
    points.push(((index % width) + 0.5) / side, (height - Math.floor(index / width) - 0.5) / side)
    weights.push(weight)
  }
  if (weights.length === 0) return refuse({ tag: 'ZeroMass' })
  return build({ points, weights: density.normalise === false ? weights : shares(weights), n: weights.length, d: 2 }, place)
}

/** Weights over their sum; as they are where the sum is not positive and finite, for validation to tell. */
export const shares = (weights: readonly number[]): readonly number[] => {
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return total > 0 && total < Infinity ? weights.map((weight) => weight / total) : weights
}
