import { diagonal, times, transposed } from './matrix.js'
import type { Rows } from './matrix.js'

/** Singular value decomposition `A = U diag(values) Vᵀ` of a square matrix, U and V orthogonal. */
export interface Singular {
  readonly u: Rows
  readonly values: readonly number[]
  readonly v: Rows
}

const mostSweeps = 60

/**
 * One-sided Jacobi iteration (Hestenes 1958): columns are turned in pairs until they are orthogonal; small singular
 * values come out as accurate as large ones. For the small matrices of this package it needs no library.
 */
export const singularValues = (a: Rows): Singular => {
  const d = a.length
  const w = transposed(a).map((column) => [...column])
  const v = diagonal(a.map(() => 1)).map((row) => [...row])
  const largest = Math.max(...w.map((column) => dot(column, column)))
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = false
    for (let i = 0; i < d; i++) {
      for (let j = i + 1; j < d; j++) {
        const [alpha, beta, gamma] = [dot(w[i], w[i]), dot(w[j], w[j]), dot(w[i], w[j])]
        if (Math.abs(gamma) <= 1e-16 * Math.sqrt(alpha * beta) || Math.abs(gamma) <= 1e-34 * largest) continue
        turned = true
        const zeta = (beta - alpha) / (2 * gamma)
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
        const c = 1 / Math.hypot(1, t)
        turn(w[i], w[j], c, c * t)
        turn(v[i], v[j], c, c * t)
      }
    }
    if (!turned) break
  }
  const values = w.map((column) => Math.hypot(...column))
  const u = orthonormal(w, values)
  return { u: transposed(u), values, v: transposed(v) }
}

const dot = (x: readonly number[], y: readonly number[]): number => x.reduce((sum, value, k) => sum + value * y[k], 0)

const turn = (x: number[], y: number[], c: number, s: number): void => {
  for (let k = 0; k < x.length; k++) {
    const [one, other] = [x[k], y[k]]
    x[k] = c * one - s * other
    y[k] = s * one + c * other
  }
}

/** The columns divided by their lengths; those of no length are replaced by what completes the basis. */
const orthonormal = (columns: readonly (readonly number[])[], lengths: readonly number[]): Rows => {
  const least = 1e-15 * Math.max(...lengths)
  const basis = columns.map((column, k) => (lengths[k] > least ? column.map((value) => value / lengths[k]) : undefined))
  const known: (readonly number[])[] = basis.filter((column) => column !== undefined)
  return basis.map((column) => {
    if (column !== undefined) return column
    const rests = columns.map((_, axis) => {
      const unit: readonly number[] = columns.map((__, k) => (k === axis ? 1 : 0))
      return without(without(unit, known), known)
    })
    const best = rests.reduce((one, other) => (dot(other, other) > dot(one, one) ? other : one))
    const completed = best.map((value) => value / Math.hypot(...best))
    known.push(completed)
    return completed
  })
}

const without = (row: readonly number[], basis: readonly (readonly number[])[]): readonly number[] => {
  let rest = row
  for (const axis of basis) {
    const along = dot(rest, axis)
    rest = rest.map((value, k) => value - along * axis[k])
  }
  return rest
}

/** `f(A)` for a positive semidefinite A: f of its eigenvalues; what rounding makes negative counts as zero. */
export const ofEigenvalues = (a: Rows, f: (eigenvalue: number) => number): Rows => {
  const { values, vectors } = eigen(a)
  const scaled = vectors.map((row) => row.map((value, k) => value * f(Math.max(0, values[k]))))
  return times(scaled, transposed(vectors))
}

/** Eigenvalues and, as columns, eigenvectors of a symmetric matrix, by Jacobi's iteration. */
export const eigen = (a: Rows): { readonly values: readonly number[]; readonly vectors: Rows } => {
  const d = a.length
  const s = a.map((row) => [...row])
  const v = diagonal(a.map(() => 1)).map((row) => [...row])
  const scale = Math.max(...a.flat().map(Math.abs))
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let off = 0
    for (let i = 0; i < d; i++) {
      for (let j = i + 1; j < d; j++) {
        off = Math.max(off, Math.abs(s[i][j]))
        if (Math.abs(s[i][j]) <= 1e-300) continue
        const zeta = (s[j][j] - s[i][i]) / (2 * s[i][j])
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
        const c = 1 / Math.hypot(1, t)
        const rows = s.map((row) => row)
        turn(rows[i], rows[j], c, c * t)
        for (const row of s) {
          const [one, other] = [row[i], row[j]]
          row[i] = c * one - c * t * other
          row[j] = c * t * one + c * other
        }
        turn(v[i], v[j], c, c * t)
      }
    }
    if (off <= 1e-17 * scale) break
  }
  return { values: s.map((row, i) => row[i]), vectors: transposed(v) }
}
