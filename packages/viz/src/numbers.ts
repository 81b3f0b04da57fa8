import { mongeError } from '@monge/errors'

/*
 * How the plotting functions read the caller's numbers: checked once, copied, never changed.
 */

/** Points in the plane: pairs, or row-major numbers of shape `[n, 2]`. */
export type Points =
  readonly ArrayLike<number>[] | { readonly data: ArrayLike<number>; readonly shape: readonly [number, number] }

/** A table of numbers: rows, or row-major numbers with their shape `[rows, columns]`. */
export type Table = Points

const refuse = (where: string, what: string): never => {
  throw mongeError('InvalidArgument', where, what)
}

/** Finite numbers, at least one. */
export const readNumbers = (where: string, values: ArrayLike<number>): readonly number[] => {
  const numbers = Array.from(values)
  if (numbers.length === 0) refuse(where, 'is empty')
  const wrong = numbers.findIndex((value) => !Number.isFinite(value))
  return wrong < 0 ? numbers : refuse(where, `entry ${wrong} is ${numbers[wrong]}, expected a finite number`)
}

const isFlat = (table: Table): table is Exclude<Table, readonly ArrayLike<number>[]> => !Array.isArray(table)

/** The rows of a table, finite and all of the same length. */
export const readTable = (where: string, table: Table): readonly (readonly number[])[] => {
  if (!isFlat(table)) {
    const width = table[0]?.length ?? refuse(where, 'is empty')
    return table.map((row, index) =>
      row.length === width
        ? readNumbers(`${where}[${index}]`, row)
        : refuse(where, `row ${index} has ${row.length} entries, row 0 has ${width}`),
    )
  }
  const [rows, columns] = table.shape
  if (!(rows > 0 && columns > 0)) refuse(where, `is empty: its shape is [${rows}, ${columns}]`)
  if (rows * columns !== table.data.length)
    refuse(where, `has ${table.data.length} entries, its shape [${rows}, ${columns}] asks for ${rows * columns}`)
  const numbers = readNumbers(where, table.data)
  return Array.from({ length: rows }, (_, row) => numbers.slice(row * columns, (row + 1) * columns))
}

/** Pairs of finite numbers, at least one. */
export const readPoints = (where: string, points: Points): readonly (readonly [number, number])[] =>
  readTable(where, points).map((row, index) => {
    const [x, y] = row
    return x !== undefined && y !== undefined && row.length === 2
      ? ([x, y] as const)
      : refuse(where, `point ${index} has ${row.length} coordinates, a picture needs 2`)
  })

/** The same, row by row in one array `[n, 2]`: for clouds so large that a pair for each point takes time. */
export const readPlane = (where: string, points: Points): Float64Array => {
  if (!isFlat(points) || points.shape[1] !== 2 || points.data.length !== 2 * points.shape[0] || points.data.length === 0)
    return Float64Array.from(readPoints(where, points).flat())
  const numbers = new Float64Array(points.data)
  const wrong = numbers.findIndex((value) => !Number.isFinite(value))
  return wrong < 0 ? numbers : refuse(where, `entry ${wrong} is ${numbers[wrong]}, expected a finite number`)
}

/** The extent of every second number, from the first or from the second on. */
export const extentAlong = (plane: Float64Array, from: 0 | 1): readonly [number, number] => {
  let [low, high] = [Infinity, -Infinity]
  for (let index = from; index < plane.length; index += 2) {
    const value = plane[index] ?? 0
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

/** One finite number of at least 0 for each of `count` points, some of them above 0; equal ones unless given. */
export const readWeights = (where: string, count: number, weights?: ArrayLike<number>): readonly number[] => {
  if (weights === undefined) return Array.from({ length: count }, () => 1 / count)
  const numbers = readNumbers(where, weights)
  if (numbers.length !== count) refuse(where, `has ${numbers.length} entries for ${count} points`)
  const wrong = numbers.findIndex((value) => value < 0)
  if (wrong >= 0) refuse(where, `entry ${wrong} is ${numbers[wrong]}, expected a number of at least 0`)
  return numbers.some((value) => value > 0) ? numbers : refuse(where, 'has no mass')
}

/** The smallest and the largest; unlike `Math.min(...values)` it takes any number of them. */
export const extentOf = (values: readonly number[]): readonly [number, number] => {
  let [low, high] = [Infinity, -Infinity]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}
