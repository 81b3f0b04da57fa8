/**
 * A transport plan `P [n, m]` by its entries that are not zero: `masses[k]` goes from source `rows[k]` to sink
 * `columns[k]`. A plan from a basic solution has at most `n + m - 1` of them.
 */
export interface SparsePlan {
  readonly shape: readonly [n: number, m: number]
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly masses: Float64Array
}

/** The plan as a matrix `[n, m]`, row-major. */
export const densePlan = (plan: SparsePlan): Float64Array => {
  const [n, m] = plan.shape
  const dense = new Float64Array(n * m)
  plan.masses.forEach((mass, k) => {
    dense[plan.rows[k] * m + plan.columns[k]] += mass
  })
  return dense
}

/** Row sums `[n]` and column sums `[m]`. */
export const planMarginals = (plan: SparsePlan): { readonly a: Float64Array; readonly b: Float64Array } => {
  const a = new Float64Array(plan.shape[0])
  const b = new Float64Array(plan.shape[1])
  plan.masses.forEach((mass, k) => {
    a[plan.rows[k]] += mass
    b[plan.columns[k]] += mass
  })
  return { a, b }
}

/** The plan without its zero entries. */
export const withoutZeros = (plan: SparsePlan): SparsePlan => {
  const kept = Array.from(plan.masses.keys()).filter((k) => plan.masses[k] > 0)
  return {
    shape: plan.shape,
    rows: Int32Array.from(kept, (k) => plan.rows[k]),
    columns: Int32Array.from(kept, (k) => plan.columns[k]),
    masses: Float64Array.from(kept, (k) => plan.masses[k]),
  }
}
