import { total } from '../expectations.js'
import { numbersOf, readMeasure, readPlan } from './read.js'
import type { Numbers } from './read.js'
import { matched } from './result.js'
import type { MatchResult } from './result.js'

/** How close marginals are to be. */
export interface MarginalsExpectation {
  /** Relative to the mass; 64 units in the last place of the coarsest of the numbers by default. */
  readonly accuracy?: number
}

/**
 * Whether a plan has these marginals: no negative entry, `sum_j P_ij = a_i`, `sum_i P_ij = b_j`.
 *
 * A plan is a tensor `[n, m]`, rows of numbers, or entries `{ rows, columns, masses }`; a marginal is a measure, or its
 * weights as a tensor or an array.
 */
export const toHaveMarginals = (
  received: unknown,
  source: unknown,
  target: unknown,
  { accuracy }: MarginalsExpectation = {},
): MatchResult => matched('a plan with the given marginals', faultOf(received, source, target, accuracy))

const faultOf = (received: unknown, source: unknown, target: unknown, accuracy?: number): string | undefined => {
  const [a, b] = [weightsOf(source), weightsOf(target)]
  if (a === undefined || b === undefined) return 'a marginal to compare with is neither a measure nor weights'
  const plan = readPlan(received, a.values.length, b.values.length)
  if (typeof plan === 'string') return plan
  const { entries } = plan
  const [n, m] = [entries.length, entries[0]?.length ?? 0]
  if (n !== a.values.length || m !== b.values.length)
    return `it is ${n} by ${m}, and the marginals have ${a.values.length} and ${b.values.length} points`
  for (const [i, row] of entries.entries()) {
    const j = row.findIndex((entry) => !(entry >= 0 && Number.isFinite(entry)))
    if (j >= 0) return `entry [${i}, ${j}] is ${row[j]}`
  }
  const allowed = (accuracy ?? 64 * Math.max(a.unit, b.unit, plan.unit)) * Math.max(total(a.values), total(b.values))
  const columns = b.values.map((_, j) => total(entries.map((row) => row[j] ?? NaN)))
  return worst('row', entries.map(total), a.values, allowed) ?? worst('column', columns, b.values, allowed)
}

/** The largest difference beyond what is allowed, in words. */
const worst = (what: string, found: readonly number[], expected: readonly number[], allowed: number): string | undefined => {
  const errors = found.map((value, index) => Math.abs(value - (expected[index] ?? NaN)))
  const most = Math.max(...errors)
  if (most <= allowed) return undefined
  const index = errors.indexOf(most)
  const many = errors.filter((error) => !(error <= allowed)).length
  const others = many > 1 ? ` (the worst of ${many})` : ''
  return `${what} ${index} sums to ${found[index]}, not ${expected[index]} within ${allowed}${others}; the plan's mass is ${total(found)}`
}

const weightsOf = (value: unknown): Numbers | undefined => {
  const measure = readMeasure(value)
  return typeof measure === 'string' ? numbersOf(value) : { values: measure.weights, unit: measure.unit }
}
