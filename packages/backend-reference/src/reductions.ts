import type { Entries } from './entries.js'

/*
 * The reductions of Geometry, each a double loop over blocks of rows of c. Terms whose plan is zero are left out, so
 * that an infinite cost in an empty place does not make NaN of it.
 */

type Vector = Float64Array

/** About as many entries as a processor's cache holds. */
const blockSize = 1 << 16

/** Runs over all rows: `visit` gets the row's number, the entries of its block, and where its row starts in them. */
const eachRow = (entries: Entries, visit: (i: number, block: Vector, offset: number) => void): void =>
  eachBlock(entries, (start, count, block) => {
    for (let i = 0; i < count; i++) visit(start + i, block, i * entries.columns)
  })

const eachBlock = (entries: Entries, visit: (start: number, count: number, block: Vector) => void): void => {
  const count = Math.max(1, Math.floor(blockSize / Math.max(entries.columns, 1)))
  for (let start = 0; start < entries.rows; start += count) {
    const rows = Math.min(count, entries.rows - start)
    visit(start, rows, entries.block(start, rows))
  }
}

// e^-60 < 1e-26: as many terms as memory can hold do not reach the last bit of a sum that is at least 1.
const negligible = -60

export const softmin =
  (entries: Entries) =>
  (epsilon: number, q: Vector, shift = 0): Vector => {
    const result = new Float64Array(entries.rows)
    const exponents = new Float64Array(entries.columns)
    eachRow(entries, (i, c, offset) => {
      let greatest = -Infinity
      for (let j = 0; j < exponents.length; j++) {
        const exponent = q[j] - c[offset + j] / epsilon
        exponents[j] = exponent
        // So that what is not a number stays none, instead of passing for an infinite cost.
        if (!(exponent <= greatest)) greatest = exponent
      }
      let sum = 0
      for (let j = 0; j < exponents.length; j++) {
        const below = exponents[j] - greatest
        if (!(below <= negligible)) sum += Math.exp(below)
      }
      result[i] = greatest === -Infinity ? Infinity : -epsilon * (greatest - shift + Math.log(sum))
    })
    return result
  }

export const minimum =
  (entries: Entries) =>
  (g: Vector): Vector => {
    const result = new Float64Array(entries.rows).fill(Infinity)
    eachRow(entries, (i, c, offset) => {
      let least = Infinity
      for (let j = 0; j < g.length; j++) if (c[offset + j] - g[j] < least) least = c[offset + j] - g[j]
      result[i] = least
    })
    return result
  }

/** Writes something of row `i`, whose entries start at `offset` in `c`, to `row`. */
type FillRow = (i: number, c: Vector, offset: number, row: Vector) => void

/** The plan: `exp(p_i + q_j - c_ij / epsilon)`. */
const planRow =
  (epsilon: number, p: Vector, q: Vector): FillRow =>
  (i, c, offset, row) => {
    for (let j = 0; j < q.length; j++) {
      const exponent = p[i] + q[j] - c[offset + j] / epsilon
      // Below that the exponential is zero in doubles, and slow.
      row[j] = exponent > -746 ? Math.exp(exponent) : 0
    }
  }

export const planSum =
  (entries: Entries) =>
  (epsilon: number, p: Vector, q: Vector, v: Vector, k: number): Vector => {
    const result = new Float64Array(entries.rows * k)
    const plan = new Float64Array(entries.columns)
    const fill = planRow(epsilon, p, q)
    eachRow(entries, (i, c, offset) => {
      fill(i, c, offset, plan)
      for (let j = 0; j < plan.length; j++)
        if (plan[j] !== 0) for (let l = 0; l < k; l++) result[i * k + l] += plan[j] * v[j * k + l]
    })
    return result
  }

export const planCost =
  (entries: Entries) =>
  (epsilon: number, p: Vector, q: Vector): Vector => {
    const result = new Float64Array(entries.rows)
    const plan = new Float64Array(entries.columns)
    const fill = planRow(epsilon, p, q)
    eachRow(entries, (i, c, offset) => {
      fill(i, c, offset, plan)
      let sum = 0
      for (let j = 0; j < plan.length; j++) if (plan[j] !== 0) sum += plan[j] * c[offset + j]
      result[i] = sum
    })
    return result
  }

export const planGradient =
  (entries: Entries) =>
  (epsilon: number, p: Vector, q: Vector, u: Vector, v: Vector, k: number): Vector => {
    const fill = planRow(epsilon, p, q)
    return gradient(entries, (i, c, offset, row) => {
      fill(i, c, offset, row)
      for (let j = 0; j < row.length; j++) if (row[j] !== 0) row[j] *= product(u, i, v, j, k)
    })
  }

export const weightedSum =
  (entries: Entries) =>
  (v: Vector, k: number): Vector => {
    const result = new Float64Array(entries.rows * k)
    eachRow(entries, (i, c, offset) => {
      for (let j = 0; j < entries.columns; j++)
        for (let l = 0; l < k; l++) result[i * k + l] += c[offset + j] * v[j * k + l]
    })
    return result
  }

export const sumGradient =
  (entries: Entries) =>
  (u: Vector, v: Vector, k: number): Vector =>
    gradient(entries, (i, _c, _offset, row) => {
      for (let j = 0; j < row.length; j++) row[j] = product(u, i, v, j, k)
    })

/** `sum_j w_ij dc/dx(x_i, y_j)`, `[n, d]`, for weights that are written row by row. */
const gradient = (entries: Entries, weigh: FillRow): Vector => {
  const { rows, columns, dimension } = entries
  const result = new Float64Array(rows * dimension)
  eachBlock(entries, (start, count, c) => {
    const weights = new Float64Array(c.length)
    for (let i = 0; i < count; i++)
      weigh(start + i, c, i * columns, weights.subarray(i * columns, (i + 1) * columns))
    result.set(entries.slopes(start, count, weights), start * dimension)
  })
  return result
}

/** `u_i · v_j` */
const product = (u: Vector, i: number, v: Vector, j: number, k: number): number => {
  let sum = 0
  for (let l = 0; l < k; l++) sum += u[i * k + l] * v[j * k + l]
  return sum
}
