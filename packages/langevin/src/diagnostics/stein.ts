import { mongeError, requireBetween, requireKnownKeys, requireOneOf, requirePositive } from '@monge/errors'
import type { Float } from '@monge/backend'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import type { Potential } from '../potential.js'

/** The kernel of a Stein discrepancy, and how pairs are averaged. */
export interface SteinOptions {
  /** `inverse-multiquadric`, `(1 + |x-y|²/scale²)^exponent`, by default; or `gaussian`, `exp(-|x-y|²/2scale²)`. */
  readonly kernel?: 'inverse-multiquadric' | 'gaussian'
  /** The kernel's length, 1 by default. */
  readonly scale?: number
  /** Of the inverse multiquadric: from -1 to 0, -1/2 by default. */
  readonly exponent?: number
  /** `v`, by default: all pairs, never below zero. `u`: pairs of different points, of mean zero on the target. */
  readonly statistic?: 'v' | 'u'
}

/** Points and the scores `∇ log p = -∇V` there: both `[n, dimension]`, row-major. */
export interface ScoredPoints {
  readonly points: ArrayLike<number>
  readonly scores: ArrayLike<number>
  readonly dimension: number
}

/** A radial kernel φ(r²) with its first two derivatives in r². */
type Radial = (squared: number) => readonly [value: number, first: number, second: number]

const radialOf = (options: SteinOptions): Radial => {
  requireKnownKeys(['kernel', 'scale', 'exponent', 'statistic'])('steinDiscrepancy', options)
  const named = requireOneOf(['inverse-multiquadric', 'gaussian'])(
    'steinDiscrepancy: kernel',
    options.kernel ?? 'inverse-multiquadric',
  )
  const rate = 1 / requirePositive('steinDiscrepancy: scale', options.scale ?? 1) ** 2
  if (named === 'gaussian') {
    return (squared) => {
      const value = Math.exp((-rate * squared) / 2)
      return [value, (-rate / 2) * value, ((rate * rate) / 4) * value]
    }
  }
  const exponent = requireBetween(-1, 0)('steinDiscrepancy: exponent', options.exponent ?? -0.5)
  if (exponent <= -1 || exponent >= 0)
    throw mongeError('InvalidOption', 'steinDiscrepancy: exponent', `expected a number between -1 and 0, got ${exponent}`)
  return (squared) => {
    const base = 1 + rate * squared
    const value = base ** exponent
    const first = (exponent * rate * value) / base
    return [value, first, ((exponent - 1) * rate * first) / base]
  }
}

const read = ({ points, scores, dimension }: ScoredPoints): { readonly count: number; readonly x: Float; readonly s: Float } => {
  const count = points.length / dimension
  if (!(Number.isInteger(count) && count > 0))
    throw mongeError('InvalidArgument', 'steinDiscrepancy: points', `${points.length} numbers are no rows of ${dimension}`)
  if (scores.length !== points.length)
    throw mongeError('DimensionMismatch', 'steinDiscrepancy: scores', `${scores.length} numbers for ${points.length} of points`)
  const [x, s] = [Float64Array.from(points), Float64Array.from(scores)]
  for (const [name, values] of [['points', x], ['scores', s]] as const)
    if (!values.every(Number.isFinite)) throw mongeError('InvalidArgument', `steinDiscrepancy: ${name}`, 'not all are finite')
  return { count, x, s }
}

/**
 * The squared kernel Stein discrepancy between points and the distribution whose scores they come with, known only up to
 * a constant: the mean over pairs of
 * `k s·s' + s·∇'k + s'·∇k + tr ∇∇'k` (Liu, Lee and Jordan, A kernelized Stein discrepancy for goodness-of-fit tests,
 * 2016; Chwialkowski, Strathmann and Gretton, 2016; the inverse multiquadric, which sees non-convergence where Gaussians
 * do not: Gorham and Mackey, Measuring sample quality with kernels, 2017). Work O(n² d), memory O(n d); in float64.
 *
 * @throws InvalidOption; InvalidArgument for numbers that are not finite; DimensionMismatch
 */
export const squaredSteinDiscrepancy =
  (options: SteinOptions = {}) =>
  (scored: ScoredPoints): number => {
    const radial = radialOf(options)
    const statistic = requireOneOf(['v', 'u'])('steinDiscrepancy: statistic', options.statistic ?? 'v')
    const { dimension } = scored
    const { count, x, s } = read(scored)
    if (statistic === 'u' && count < 2)
      throw mongeError('InvalidArgument', 'steinDiscrepancy', 'there are no pairs of different points')
    const entry = (i: number, j: number): number => {
      let [squared, scores, drift] = [0, 0, 0]
      for (let axis = 0; axis < dimension; axis++) {
        const difference = (x[i * dimension + axis] ?? 0) - (x[j * dimension + axis] ?? 0)
        const [here, there] = [s[i * dimension + axis] ?? 0, s[j * dimension + axis] ?? 0]
        squared += difference * difference
        scores += here * there
        drift += difference * (there - here)
      }
      const [value, first, second] = radial(squared)
      return scores * value + 2 * first * drift - 4 * second * squared - 2 * dimension * first
    }
    let total = 0
    for (let i = 0; i < count; i++) {
      let row = statistic === 'v' ? entry(i, i) / 2 : 0
      for (let j = 0; j < i; j++) row += entry(i, j)
      total += 2 * row
    }
    return statistic === 'v' ? total / count ** 2 : total / (count * (count - 1))
  }

/** The kernel Stein discrepancy: the root of the V-statistic of `squaredSteinDiscrepancy`. */
export const steinDiscrepancy =
  (options: Omit<SteinOptions, 'statistic'> = {}) =>
  (scored: ScoredPoints): number =>
    Math.sqrt(Math.max(0, squaredSteinDiscrepancy({ ...options, statistic: 'v' })(scored)))

/** The points of a measure (their weights do not count) with the scores of a potential there. */
export const scoredBy =
  (potential: Pick<Potential, 'gradient' | 'place'>) =>
  (measure: Measure): ScoredPoints =>
    potential.place.within(() => {
      const gradient = potential.gradient(measure.points)
      const scores = Float64Array.from(gradient.dataSync<'float32'>(), (slope) => -slope)
      gradient.dispose()
      const { points, d } = toTyped(measure)
      return { points, scores, dimension: d }
    })
