import { Tensor } from '@tensorflow/tfjs-core'

/** Numbers that were read, and the spacing of their format next to 1. */
export interface Numbers {
  readonly values: readonly number[]
  readonly unit: number
}

/** A measure, as far as it could be read: nothing is known of it yet. */
export interface ReadMeasure {
  readonly points: readonly (readonly number[])[]
  readonly weights: readonly number[]
  readonly unit: number
}

/** A plan as a matrix. */
export interface ReadPlan {
  readonly entries: readonly (readonly number[])[]
  readonly unit: number
}

const doubles = 2 ** -52
const floats = 2 ** -23

const isListOf = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && 'length' in value)

/** The numbers of a tensor, a typed array or an array. */
export const numbersOf = (value: unknown): Numbers | undefined => {
  if (value instanceof Tensor) return value.isDisposed ? undefined : numbersOf(value.dataSync())
  if (!isListOf(value)) return undefined
  const values = Array.from(value)
  if (!values.every((entry) => typeof entry === 'number')) return undefined
  return { values, unit: value instanceof Float32Array ? floats : doubles }
}

const rowsOf = (value: unknown): { readonly rows: readonly (readonly number[])[]; readonly unit: number } | undefined => {
  if (value instanceof Tensor) {
    const numbers = numbersOf(value)
    const [n = 0, d = 0] = value.shape as readonly number[]
    if (numbers === undefined || value.rank !== 2) return undefined
    return { rows: Array.from({ length: n }, (_, i) => numbers.values.slice(i * d, (i + 1) * d)), unit: numbers.unit }
  }
  if (!isListOf(value)) return undefined
  const rows = Array.from(value, numbersOf)
  return rows.every((row) => row !== undefined)
    ? { rows: rows.map(({ values }) => values), unit: Math.max(doubles, ...rows.map(({ unit }) => unit)) }
    : undefined
}

/** `{ points, weights }` as tensors or arrays; or what is wrong with the form. */
export const readMeasure = (value: unknown): ReadMeasure | string => {
  if (typeof value !== 'object' || value === null || !('points' in value) || !('weights' in value))
    return 'it is no record of points and weights'
  const { points, weights } = value
  for (const [name, part] of [['points', points], ['weights', weights]] as const)
    if (part instanceof Tensor && part.isDisposed) return `its ${name} have been disposed of`
  const rows = rowsOf(points)
  if (rows === undefined) return 'its points are no matrix of numbers'
  const numbers = numbersOf(weights)
  if (numbers === undefined) return 'its weights are no list of numbers'
  return { points: rows.rows, weights: numbers.values, unit: Math.max(rows.unit, numbers.unit) }
}

/**
 * A plan: a matrix (a tensor `[n, m]` or rows), or the entries `{ rows, columns, masses }` of one, whose size may be
 * given as `shape`.
 */
export const readPlan = (value: unknown, n: number, m: number): ReadPlan | string => {
  const dense = rowsOf(value)
  if (dense !== undefined) return { entries: dense.rows, unit: dense.unit }
  if (typeof value !== 'object' || value === null || !('rows' in value) || !('columns' in value) || !('masses' in value))
    return 'it is neither a matrix nor a record of rows, columns and masses'
  const [rows, columns, masses] = [value.rows, value.columns, value.masses].map(numbersOf)
  if (rows === undefined || columns === undefined || masses === undefined) return 'its entries are no numbers'
  const [height, width] = 'shape' in value ? (numbersOf(value.shape)?.values ?? []) : [n, m]
  const entries = Array.from({ length: height ?? n }, () => Array.from({ length: width ?? m }, () => 0))
  for (const [k, mass] of masses.values.entries()) {
    const [i, j] = [rows.values[k] ?? -1, columns.values[k] ?? -1]
    const row = entries[i]
    if (row?.[j] === undefined) return `entry ${k} stands at [${i}, ${j}], outside of ${n} by ${m}`
    row[j] += mass
  }
  return { entries, unit: masses.unit }
}
