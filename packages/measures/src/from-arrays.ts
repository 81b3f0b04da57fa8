import type { Place } from '@monge/backend'
import type { Either } from 'fp-ts/lib/Either.js'
import { build } from './build.js'
import type { Parts } from './build.js'
import { refuse } from './measure-error.js'
import type { MeasureError } from './measure-error.js'
import type { Measure } from './measure.js'

/**
 * Points as plain data: rows of coordinates, numbers alone (points on a line), or row-major data with its shape
 * `[n, d]`.
 */
export type PointsLike =
  | readonly ArrayLike<number>[]
  | ArrayLike<number>
  | { readonly data: ArrayLike<number>; readonly shape: readonly [number, number] }

/**
 * The measure `sum_i weights_i δ(points_i)`, from plain data, which it copies.
 *
 * @param points `[n, d]`, or `[n]` for points on a line
 * @param weights `[n]`; without them every point has weight 1/n
 * @param place where its tensors are to live; tfjs's current backend by default
 * @returns the measure, or what is wrong with the data
 * @example
 * const mu = fromArrays([[0, 0], [1, 2]], [0.25, 0.75])
 */
export const fromArrays = (
  points: PointsLike,
  weights?: ArrayLike<number>,
  place?: Place,
): Either<MeasureError, Measure> => {
  const flat = flatten(points)
  return 'tag' in flat ? refuse(flat) : build({ ...flat, weights }, place)
}

/** The measure of weight 1/n on each of the points. */
export const uniform = (points: PointsLike, place?: Place): Either<MeasureError, Measure> =>
  fromArrays(points, undefined, place)

/** The unit mass on one point: its coordinates, or a number for a point on a line. */
export const dirac = (point: ArrayLike<number> | number, place?: Place): Either<MeasureError, Measure> =>
  fromArrays([typeof point === 'number' ? [point] : point], undefined, place)

/**
 * A measure from row-major coordinates `x_1, y_1, x_2, y_2, …`, which it copies.
 *
 * @param data `[n * dimension]`
 * @param weights `[n]`; without them every point has weight 1/n
 */
export const fromTypedArray = (
  data: ArrayLike<number>,
  dimension: number,
  weights?: ArrayLike<number>,
  place?: Place,
): Either<MeasureError, Measure> =>
  fromArrays({ data, shape: [Math.ceil(data.length / Math.max(dimension, 1)), dimension] }, weights, place)

type Flat = Omit<Parts, 'weights'>

const flatten = (points: PointsLike): Flat | MeasureError => {
  if ('data' in points) return shaped(points.data, points.shape)
  if (points.length === 0) return { tag: 'EmptyMeasure' }
  return isRow(points[0]) ? stacked(points as readonly ArrayLike<number>[]) : onLine(points as ArrayLike<number>)
}

const shaped = (data: ArrayLike<number>, shape: readonly number[]): Flat | MeasureError => {
  const [n, d] = shape
  if (shape.length !== 2 || n === undefined || d === undefined)
    return { tag: 'WrongRank', where: 'points', rank: shape.length, expected: 2 }
  return data.length === n * d
    ? { points: data, n, d }
    : { tag: 'WrongLength', where: 'data', length: data.length, expected: n * d }
}

const stacked = (rows: readonly ArrayLike<number>[]): Flat | MeasureError => {
  const d = rows[0]?.length ?? 0
  const index = rows.findIndex((row) => !isRow(row) || row.length !== d)
  if (index >= 0) return { tag: 'RaggedPoints', index, length: lengthOf(rows[index]), expected: d }
  return rows.some((row) => isRow(row[0]))
    ? { tag: 'WrongRank', where: 'points', rank: 3, expected: 2 }
    : { points: rows.flatMap((row) => Array.from(row)), n: rows.length, d }
}

const onLine = (values: ArrayLike<number>): Flat | MeasureError => {
  const index = Array.from(values).findIndex(isRow)
  return index < 0
    ? { points: values, n: values.length, d: 1 }
    : { tag: 'RaggedPoints', index, length: lengthOf(values[index]), expected: 0 }
}

const isRow = (value: unknown): boolean => typeof value === 'object' && value !== null && 'length' in value

const lengthOf = (value: unknown): number => (isRow(value) ? (value as ArrayLike<number>).length : 0)
