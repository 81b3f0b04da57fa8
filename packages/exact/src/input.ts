import { mongeError } from '@monge/errors'

/** Points `[n, d]`: rows, or row-major data with its shape. */
export type PointsInput =
  | readonly (readonly number[])[]
  | { readonly data: ArrayLike<number>; readonly shape: readonly [n: number, d: number] }

/** A matrix `[n, m]`, in the same forms. */
export type MatrixInput = PointsInput

/** A matrix on the host, row-major. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly data: Float64Array
}

const refuse = (where: string, what: string): never => {
  throw mongeError('InvalidArgument', where, what)
}

const firstNotFinite = (values: ArrayLike<number>): number => {
  for (let k = 0; k < values.length; k++) if (typeof values[k] !== 'number' || !Number.isFinite(values[k])) return k
  return -1
}

const isShaped = (input: PointsInput): input is Extract<PointsInput, { readonly shape: unknown }> => 'shape' in input

/** Reads a matrix into float64, and checks that it is one: at least one entry, rows of one length, all finite. */
export const readMatrix = (where: string, input: MatrixInput): Matrix => {
  if (typeof input !== 'object' || input === null) return refuse(where, 'expected rows of numbers, or data with a shape')
  const [rows, columns] = isShaped(input) ? input.shape : [input.length, input[0]?.length ?? 0]
  if (!(Number.isSafeInteger(rows) && Number.isSafeInteger(columns) && rows > 0 && columns > 0))
    return refuse(where, `expected at least one row and one column, got [${rows}, ${columns}]`)
  const data = isShaped(input) ? copyOf(input.data) : flatten(where, input, columns)
  if (data.length !== rows * columns)
    return refuse(where, `expected ${rows} x ${columns} numbers, got ${data.length}`)
  const bad = firstNotFinite(data)
  if (bad >= 0) return refuse(where, `entry [${Math.floor(bad / columns)}, ${bad % columns}] is ${data[bad]}`)
  return { rows, columns, data }
}

const copyOf = (values: ArrayLike<number>): Float64Array => Float64Array.from(values)

const flatten = (where: string, rows: readonly (readonly number[])[], columns: number): Float64Array => {
  const data = new Float64Array(rows.length * columns)
  rows.forEach((row, i) => {
    if (row.length !== columns) refuse(where, `row ${i} has ${row.length} numbers, row 0 has ${columns}`)
    data.set(row, i * columns)
  })
  return data
}

/** Reads numbers into float64: at least one, all finite. */
export const readNumbers = (where: string, input: ArrayLike<number>): Float64Array => {
  const values = copyOf(input)
  if (values.length === 0) return refuse(where, 'expected at least one number')
  const bad = firstNotFinite(values)
  if (bad >= 0) return refuse(where, `entry ${bad} is ${values[bad]}`)
  return values
}

/** Reads weights: as many as points, none negative, not all zero; without any, they are uniform and sum to one. */
export const readWeights = (where: string, input: ArrayLike<number> | undefined, count: number): Float64Array => {
  if (input === undefined) return new Float64Array(count).fill(1 / count)
  if (input.length !== count) {
    throw mongeError('DimensionMismatch', where, `expected ${count} weights, one for each point, got ${input.length}`)
  }
  const weights = readNumbers(where, input)
  const negative = weights.findIndex((weight) => weight < 0)
  if (negative >= 0) throw mongeError('InvalidMeasure', where, `weight ${negative} is ${weights[negative]}`)
  if (weights.every((weight) => weight === 0)) throw mongeError('InvalidMeasure', where, 'all weights are zero')
  return weights
}
