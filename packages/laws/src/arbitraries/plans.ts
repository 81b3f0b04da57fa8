import fc from 'fast-check'
import { defaultMaxPoints, pairArbitrary } from './cloud.js'
import type { CloudOptions, CloudPair } from './cloud.js'
import { permutationArbitrary } from './maps.js'
import { thorough } from './simplifying.js'

/** Two clouds and a plan between them: `n` rows of `m` masses. */
export interface PlannedPair {
  readonly pair: CloudPair
  readonly plan: readonly (readonly number[])[]
}

/**
 * Plans between weights `a [n]` and `b [m]` of one mass: mixtures of the independent plan `a_i b_j / sum a` and of
 * sparse ones, filled from a corner in a random order of rows and columns. All plans between two points on either side
 * are of this form, and every vertex of the transport polytope is for some order. They shrink towards the sparse plan
 * in the natural order.
 */
export const planArbitrary = (
  a: readonly number[],
  b: readonly number[],
): fc.Arbitrary<readonly (readonly number[])[]> =>
  fc
    .record({
      ofRows: permutationArbitrary(a.length),
      ofColumns: permutationArbitrary(b.length),
      eighths: fc.nat({ max: 8 }),
    })
    .map((choices) => planOf(a, b, choices))

/** Two clouds of mass 1 and a plan between them. */
export const plannedPairArbitrary = (options: CloudOptions = {}): fc.Arbitrary<PlannedPair> => {
  const { maxPoints = defaultMaxPoints } = options
  // Drawn beside the clouds and cut to them, so that each shrinks without the other being drawn anew.
  const keys = thorough(fc.array(fc.nat({ max: 1023 }), { minLength: maxPoints, maxLength: maxPoints }))
  return fc
    .record({ pair: pairArbitrary({ ...options, mass: 'one' }), rowKeys: keys, columnKeys: keys, eighths: fc.nat({ max: 8 }) })
    .map(({ pair, rowKeys, columnKeys, eighths }) => {
      const [a, b] = [pair.mu.weights, pair.nu.weights]
      const choices = { ofRows: orderOf(rowKeys.slice(0, a.length)), ofColumns: orderOf(columnKeys.slice(0, b.length)), eighths }
      return { pair, plan: planOf(a, b, choices) }
    })
}

/** The order in which keys rise; equal ones stay as they are. */
const orderOf = (keys: readonly number[]): readonly number[] =>
  keys.map((_, index) => index).toSorted((one, other) => (keys[one] ?? 0) - (keys[other] ?? 0))

/** How a plan is filled, and how many eighths of it are independent. */
interface Choices {
  readonly ofRows: readonly number[]
  readonly ofColumns: readonly number[]
  readonly eighths: number
}

const planOf = (
  a: readonly number[],
  b: readonly number[],
  { ofRows, ofColumns, eighths }: Choices,
): readonly (readonly number[])[] => {
  const mass = a.reduce((sum, weight) => sum + weight, 0)
  const spread = eighths / 8
  return cornerPlan(a, b, ofRows, ofColumns).map((row, i) =>
    row.map((entry, j) => (1 - spread) * entry + (spread * (a[i] ?? 0) * (b[j] ?? 0)) / mass),
  )
}

/** The rule of the north-west corner: each cell in turn takes what is left of its row and of its column. */
const cornerPlan = (
  a: readonly number[],
  b: readonly number[],
  ofRows: readonly number[],
  ofColumns: readonly number[],
): readonly (readonly number[])[] => {
  const plan = a.map(() => b.map(() => 0))
  const [left, wanted] = [[...a], [...b]]
  let [row, column] = [0, 0]
  while (row < a.length && column < b.length) {
    const [i, j] = [ofRows[row] ?? 0, ofColumns[column] ?? 0]
    const [supply, demand] = [left[i] ?? 0, wanted[j] ?? 0]
    const last = row === a.length - 1 && column === b.length - 1
    // What is left in the last cell is rounding's, and belongs to neither side.
    const moved = last ? Math.max(supply, demand) : Math.min(supply, demand)
    const cells = plan[i]
    if (cells !== undefined) cells[j] = moved
    left[i] = supply - moved
    wanted[j] = demand - moved
    if (column === b.length - 1 || (row < a.length - 1 && supply <= demand)) row++
    else column++
  }
  return plan
}
