import { emptyLogarithm } from '@monge/backend'
import type { Backend, Geometry, Precision } from '@monge/backend'
import type { HalfSolution } from './joint.js'
import type { Settings } from './options.js'
import { damping } from './problem.js'

/** What a solution says of one measure, to be pulled on. */
interface Pull<V> {
  /** The measure's weights, `[n]`. */
  readonly weights: V
  /** How many points there are opposite. */
  readonly columns: number
  readonly half: HalfSolution<V>
  /** The largest cost that there may be. */
  readonly largest: number
}

/** Half the distance from 1 to the next number. */
const rounding: Readonly<Record<Precision, number>> = { float32: 2 ** -24, float64: 2 ** -53 }

/** What no gradient comes to. */
const greatest: Readonly<Record<Precision, number>> = { float32: 1e38, float64: 1e308 }

/** How far the logarithm of a plan's entry may be off before rows are brought to their masses: a good two digits are left. */
const roundingAllowed = 2 ** -7

/** `sum_j P_ij dc/dx(x_i, y_j)`, `[n, d]`, under the plan whose row i is the softmin's, of the mass that f asks for. */
export const pulled = <V>(
  { vectors, precision }: Backend<V>,
  { epsilon, rho }: Settings,
  geometry: Geometry<V>,
  { weights, columns, half: { f, q }, largest }: Pull<V>,
): V => {
  const masses =
    rho === undefined ? weights : vectors.multiply(weights, vectors.exponential(vectors.linear([[-1 / rho, f]])))
  const ones = vectors.fromArray(new Float64Array(columns).fill(1))
  if (rounding[precision] * (largest / epsilon) < roundingAllowed) {
    const p = vectors.linear([[1 / (epsilon * damping(epsilon, rho)), f]])
    return geometry.planGradient(epsilon, p, q, masses, ones, 1)
  }
  const sumsOf = (logarithms: Float64Array): ArrayLike<number> =>
    vectors.toArray(vectors.scope(() => geometry.planSum(epsilon, vectors.fromArray(logarithms), q, ones, 1)))
  // Not from f, which was rounded on its way through a tensor.
  const own = vectors.toArray(vectors.linear([[1 / epsilon, geometry.softmin(epsilon, q)]]))
  const finest = own instanceof Float32Array ? rounding.float32 : rounding.float64
  const rows = normalised(Float64Array.from(own), rounding[precision], finest, sumsOf)
  const over = vectors.multiply(masses, vectors.fromArray(rows.sums.map((sum) => 1 / sum)))
  const slopes = geometry.planGradient(epsilon, vectors.fromArray(rows.logarithms), q, over, ones, 1)
  // Where all digits of a plan are lost, a backend may round its sums and its slopes apart.
  const numbers = vectors.toArray(slopes)
  const isNumber = (slope: number): boolean => Math.abs(slope) < greatest[precision]
  return numbers.every(isNumber) ? slopes : vectors.fromArray(numbers.map((slope) => (isNumber(slope) ? slope : 0)))
}

/** Row sums between these are as good as any to divide by. */
const [least, most] = [1e-12, 1e12]

const rounds = 64

/**
 * Log-scalings of rows, near those given, under which the plan's rows have sums that are numbers, and those sums.
 *
 * The logarithms of a plan's entries are small differences of large numbers where costs are many times epsilon: where
 * those are rounded by more than a few units, sums of rows over- or underflow though they are 1 but for rounding. One of
 * the log-scalings next to the one given then makes the row's largest entry about 1, as GeomLoss's softmax does. Costs are
 * rounded in proportion to `coarse`, log-scalings in proportion to `fine`.
 */
const normalised = (
  logarithms: Float64Array,
  coarse: number,
  fine: number,
  sumsOf: (logarithms: Float64Array) => ArrayLike<number>,
): { readonly logarithms: Float64Array; readonly sums: Float64Array } => {
  const steps = logarithms.map((value) => Math.max(32, 8 * coarse * Math.abs(value)))
  const directions = new Int8Array(logarithms.length)
  for (let round = 0; ; round++) {
    const sums = Float64Array.from(sumsOf(logarithms))
    const wrong = [...sums.keys()].filter((i) => !(sums[i] >= least && sums[i] <= most))
    if (round === rounds) for (const i of wrong) [logarithms[i], sums[i]] = [emptyLogarithm, 1]
    if (round === rounds || wrong.length === 0) return { logarithms, sums }
    for (const i of wrong) {
      const sum = sums[i]
      const direction = sum < least ? 1 : -1
      if (direction + directions[i] === 0) steps[i] = Math.max(steps[i] / 2, 16, fine * Math.abs(logarithms[i]))
      directions[i] = direction
      logarithms[i] += sum > 1e-30 && sum < 1e30 ? -Math.log(sum) : direction * steps[i]
    }
  }
}
