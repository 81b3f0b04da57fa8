import type { Float } from './backend.js'

/**
 * Two clouds `x [n, d]`, `y [m, d]` under a function `c` of two points, and the reductions over it that cost all the
 * time. None of them stores an n-by-m matrix unless that pays and fits the backend's memory budget.
 *
 * `p [n]` and `q [m]` are log-scalings: `P_ij = exp(p_i + q_j - c_ij / epsilon)`. A transport plan
 * `a_i b_j exp((f_i + g_j - c_ij) / epsilon)` has `p = log a + f / epsilon` and `q = log b + g / epsilon`. Scalings may
 * hold `emptyLogarithm`, for points of no weight.
 */
export interface Geometry<V> {
  readonly rows: number
  readonly columns: number
  readonly dimension: number
  /** `c(y, x)`: rows and columns exchanged. */
  transpose(): Geometry<V>
  /**
   * `-epsilon log sum_j exp(q_j - shift - c_ij / epsilon)`, `[n]`. The shift (0 by default) keeps digits: log-weights of
   * m points are near `-log m`, where float32 has none to spare for potentials; with `q = log(m b) + g / epsilon` and
   * `shift = log m` the numbers that are rounded stay small.
   */
  softmin(epsilon: number, q: V, shift?: number): V
  /** `min_j (c_ij - g_j)`, `[n]`: the c-transform, what softmin tends to. */
  minimum(g: V): V
  /** `sum_j P_ij v_jk`, `[n, k]`, for `v [m, k]`. */
  planSum(epsilon: number, p: V, q: V, v: V, k: number): V
  /** `sum_j P_ij c_ij`, `[n]`. */
  planCost(epsilon: number, p: V, q: V): V
  /** `sum_j P_ij (u_i · v_j) dc/dx(x_i, y_j)`, `[n, d]`, for `u [n, k]`, `v [m, k]`. Zero where c has no derivative. */
  planGradient(epsilon: number, p: V, q: V, u: V, v: V, k: number): V
  /** `sum_j c_ij v_jk`, `[n, k]`, for `v [m, k]`. */
  sum(v: V, k: number): V
  /** `sum_j (u_i · v_j) dc/dx(x_i, y_j)`, `[n, d]`, for `u [n, k]`, `v [m, k]`. Zero where c has no derivative. */
  sumGradient(u: V, v: V, k: number): V
  /** Rows `start` to `start + count` of the matrix `c`, in row-major order, on the host. */
  entries(start: number, count: number): Float
  /**
   * Both softmins from one pass over the matrix, where the backend has one:
   * `{ f: softmin(epsilon, q, shifts.q), g: transpose().softmin(epsilon, p, shifts.p) }`.
   */
  softmins?(epsilon: number, p: V, q: V, shifts?: Shifts): { readonly f: V; readonly g: V }
  /**
   * A sweep of Sinkhorn's algorithm with exact marginals from g, where the backend has a shorter way than its two halves:
   * `f = softmin(epsilon, q, target.shift)` and `g = transpose().softmin(epsilon, p, source.shift)`, p and q being the
   * `logWeights + potential / epsilon` of that f and of the g given.
   */
  sweep?(epsilon: number, source: Marginal<V>, target: Marginal<V>, g: V): Swept<V>
  /** Tells that many softmins at this epsilon will follow, so that what makes them cheap may be stored at once. */
  settle?(epsilon: number): void
  /** Frees what the geometry holds; it must not be used afterwards. */
  dispose(): void
}

/** One measure of a sweep: its `n` weights, the logarithms of `n` times them, and `shift = log n`. */
export interface Marginal<V> {
  readonly weights: V
  readonly logWeights: V
  readonly shift: number
}

/** What a sweep from g comes to. */
export interface Swept<V> {
  readonly f: V
  readonly g: V
  /** How far the plan of the given g and of f is from the target's weights, in mass: `sum_j b_j |exp((g_j - updated_j) / epsilon) - 1|`. */
  readonly excess: number
}

/** What is taken off the log-scalings of rows and of columns, 0 by default. */
export interface Shifts {
  readonly p: number
  readonly q: number
}

/**
 * Both half-updates of Sinkhorn's algorithm from the same potentials (Jacobi's way):
 * `f_i = -epsilon log sum_j exp(q_j - c_ij / epsilon)` and `g_j = -epsilon log sum_i exp(p_i - c_ij / epsilon)`.
 */
export const softmins =
  <V>(epsilon: number, p: V, q: V, shifts: Shifts = { p: 0, q: 0 }) =>
  (geometry: Geometry<V>): { readonly f: V; readonly g: V } =>
    geometry.softmins?.(epsilon, p, q, shifts) ?? {
      f: geometry.softmin(epsilon, q, shifts.q),
      g: geometry.transpose().softmin(epsilon, p, shifts.p),
    }
