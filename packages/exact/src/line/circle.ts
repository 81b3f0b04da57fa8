import { requireKnownKeys, requirePositive } from '@monge/errors'
import { compensatedSum } from '../compensated.js'
import { readNumbers, readWeights } from '../input.js'
import { balanced } from '../mass.js'
import { requireOrder } from '../order.js'
import { withoutZeros } from '../plan.js'
import type { SparsePlan } from '../plan.js'
import { firstAbove, firstAtLeast } from './quantiles.js'
import { sortOrder } from './sorted.js'

/** Two weighted sets of angles. */
export interface CircleProblem {
  /** `[n]`, read modulo the period. */
  readonly x: ArrayLike<number>
  /** `[m]` */
  readonly y: ArrayLike<number>
  /** `[n]`, uniform if not given. */
  readonly a?: ArrayLike<number>
  /** `[m]`, uniform if not given. */
  readonly b?: ArrayLike<number>
  /** At least 1; 2 if not given. */
  readonly p?: number
  /** The length of the circle; 1 if not given. */
  readonly period?: number
}

/** The solution on a circle. */
export interface CircleTransport {
  readonly plan: SparsePlan
  /** `W_p^p` for the distance along the circle */
  readonly cost: number
  /** `W_p` */
  readonly distance: number
  /** Cost less a lower bound: zero within rounding. */
  readonly gap: number
  /** The share of the mass by which the quantiles of y are ahead of those of x. */
  readonly shift: number
}

const checkKeys = requireKnownKeys(['x', 'y', 'a', 'b', 'p', 'period'])

/** A sorted side of the problem on the circle of length 1, with the share of the mass up to each point. */
interface Side {
  readonly order: Int32Array
  readonly points: Float64Array
  readonly upTo: Float64Array
}

const side = (values: Float64Array, weights: Float64Array, period: number): Side => {
  const turned = values.map((value) => value / period - Math.floor(value / period))
  const order = sortOrder(turned).filter((i) => weights[i] > 0)
  const total = compensatedSum(weights)
  const upTo = new Float64Array(order.length)
  order.reduce((sum, i, k) => (upTo[k] = sum + weights[i] / total), 0)
  upTo[upTo.length - 1] = 1
  return { order, points: Float64Array.from(order, (i) => turned[i]), upTo }
}

/**
 * Exact transport on a circle under the p-th power of the distance along it.
 *
 * With the circle cut open, `C(s) = ∫_0^1 |F⁻¹(t) - G⁻¹(t + s)|^p dt` for quantiles that go on round the circle; its
 * least value over s is `W_p^p` (Delon, Salomon and Sobolevski 2010). C is convex and piecewise linear: tangents from
 * both sides meet at the minimum after finitely many steps, and bound it from below.
 *
 * @throws `MassMismatch`, `InvalidArgument`, `InvalidMeasure`, `DimensionMismatch`, `InvalidOption`
 */
export const wassersteinCircle = (problem: CircleProblem): CircleTransport => {
  checkKeys('wassersteinCircle', problem)
  const p = requireOrder('wassersteinCircle: p', problem.p ?? 2)
  const period = requirePositive('wassersteinCircle: period', problem.period ?? 1)
  const x = readNumbers('wassersteinCircle: x', problem.x)
  const y = readNumbers('wassersteinCircle: y', problem.y)
  const a = readWeights('wassersteinCircle: a', problem.a, x.length)
  const b = balanced('wassersteinCircle', a, readWeights('wassersteinCircle: b', problem.b, y.length))
  const [from, to] = [side(x, a, period), side(y, b, period)]
  const h = (gap: number): number => Math.abs(gap) ** p
  const { shift, bound } = leastShift(from, to, h)
  const merged = merge(from, to, h, shift)
  const scale = compensatedSum(a)
  const cost = merged.cost * scale * period ** p
  const plan = withoutZeros({
    shape: [x.length, y.length],
    rows: Int32Array.from(merged.rows, (k) => from.order[k]),
    columns: Int32Array.from(merged.columns, (k) => to.order[k]),
    masses: Float64Array.from(merged.masses, (mass) => mass * scale),
  })
  return { plan, cost, distance: cost ** (1 / p), gap: cost - bound * scale * period ** p, shift }
}

/** The plan that pairs quantile t with quantile t + shift, and its cost. */
const merge = (from: Side, to: Side, h: (gap: number) => number, shift: number) => {
  const [n, m] = [from.order.length, to.order.length]
  const rows: number[] = []
  const columns: number[] = []
  const masses: number[] = []
  let turns = Math.floor(shift)
  let j = firstAbove(to.upTo, shift - turns)
  if (j === m) [j, turns] = [0, turns + 1]
  let [i, reached, cost] = [0, 0, 0]
  while (i < n) {
    const next = Math.max(reached, Math.min(from.upTo[i], to.upTo[j] + turns - shift))
    rows.push(i)
    columns.push(j)
    masses.push(next - reached)
    cost += (next - reached) * h(from.points[i] - to.points[j] - turns)
    reached = next
    if (from.upTo[i] <= reached) i += 1
    else if (j + 1 < m) j += 1
    else [j, turns] = [0, turns + 1]
  }
  return { rows, columns, masses, cost }
}

/** C with its slopes to the left and to the right of s: what it costs to pass on the mass at each end of a sink. */
const tangent = (from: Side, to: Side, h: (gap: number) => number, s: number) => {
  const [n, m] = [from.order.length, to.order.length]
  let [left, right] = [0, 0]
  for (let j = 0; j < m; j++) {
    const turns = Math.floor(s - to.upTo[j]) + 1
    const t = to.upTo[j] + turns - s
    const here = to.points[j] + turns
    const next = j + 1 < m ? to.points[j + 1] + turns : to.points[0] + turns + 1
    const before = from.points[Math.min(firstAtLeast(from.upTo, t), n - 1)]
    const index = firstAbove(from.upTo, t)
    const after = index < n ? from.points[index] : from.points[0] + 1
    right += h(before - next) - h(before - here)
    left += h(after - next) - h(after - here)
  }
  return { s, value: merge(from, to, h, s).cost, left, right }
}

const leastShift = (from: Side, to: Side, h: (gap: number) => number): { readonly shift: number; readonly bound: number } => {
  const at = (s: number) => tangent(from, to, h, s)
  let [low, high] = [at(-1), at(1)]
  while (low.left > 0) low = at(low.s - 1)
  while (high.right < 0) high = at(high.s + 1)
  for (let step = 0; step < 200; step++) {
    if (low.right >= 0) return { shift: low.s, bound: low.value }
    if (high.left <= 0) return { shift: high.s, bound: high.value }
    const meet = low.s + (high.value - low.value - high.left * (high.s - low.s)) / (low.right - high.left)
    const bound = low.value + low.right * (meet - low.s)
    const middle = at(step % 4 === 3 ? (low.s + high.s) / 2 : Math.min(Math.max(meet, low.s), high.s))
    const best = [low, high, middle].reduce((one, other) => (other.value < one.value ? other : one))
    if (best.value - bound <= 1e-15 * Math.max(low.value, high.value) || !(low.s < middle.s && middle.s < high.s))
      return { shift: best.s, bound }
    if (middle.left <= 0 && middle.right >= 0) return { shift: middle.s, bound: middle.value }
    if (middle.right < 0) low = middle
    else high = middle
  }
  return { shift: (low.value < high.value ? low : high).s, bound: Math.min(low.value, high.value) }
}
