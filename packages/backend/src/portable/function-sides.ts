import { clone, gather, keep, slice, tensor1d, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { tensorFrom } from '../tensors.js'
import { rowsOf } from './points.js'
import type { Rows, Sides } from './rows.js'
import { finiteOrZero } from './tensor-profile.js'
import { differentiate } from '../untaped.js'

type Value = (x: Tensor2D, y: Tensor2D) => Tensor2D

/** A user's function of blocks of points. */
export const functionSides = (value: Value, x: Tensor2D, y: Tensor2D): Sides => {
  const [from, to] = [keep(clone(x)), keep(clone(y))]
  const checked = checkedShape(value)
  return {
    fromX: functionRows(checked, from, to),
    fromY: functionRows((points, others) => transpose(checked(others, points)), to, from),
    same: false,
    // Most such functions pass through the [n, m, d] tensor of differences.
    width: Math.max(1, x.shape[1]),
    holds: [from, to],
  }
}

const checkedShape =
  (value: Value): Value =>
  (x, y) => {
    const result = value(x, y)
    const [n, m] = [x.shape[0], y.shape[0]]
    if (result.rank !== 2 || result.shape[0] !== n || result.shape[1] !== m)
      throw mongeError('DimensionMismatch', 'geometry: function', `expected it to return [${n}, ${m}], got [${result.shape}]`)
    return result
  }

const functionRows = (value: Value, x: Tensor2D, y: Tensor2D): Rows => ({
  entries: (block) => tidy(() => clone(value(rowsOf(block, x), y))),
  slopes: (block, weights) =>
    tidy(() => {
      const points = rowsOf(block, x)
      const slopes = slopesOf(value, points, y, weights)
      const values = slopes.dataSync<'float32'>()
      return values.every(Number.isFinite) ? slopes : withoutCoinciding(value, points, y, weights, values)
    }),
})

const slopesOf = (value: Value, x: Tensor2D, y: Tensor2D, weights: Tensor2D): Tensor2D =>
  differentiate((points) => value(points, y), x, weights)

/*
 * The derivative of a distance at coinciding points makes tfjs multiply zero by infinity, and one such pair spoils the
 * whole sum over j. The rows where that happened are done again, one by one, without the points that coincide.
 */
const withoutCoinciding = (
  value: Value,
  x: Tensor2D,
  y: Tensor2D,
  weights: Tensor2D,
  slopes: ArrayLike<number>,
): Tensor2D => {
  const [count, dimension] = x.shape
  const [from, to] = [x.dataSync(), y.dataSync()]
  const repaired = Array.from({ length: count }, (_, row): ArrayLike<number> => {
    const at = row * dimension
    const kept = Array.from({ length: dimension }, (_, k) => slopes[at + k] ?? 0)
    if (kept.every(Number.isFinite)) return kept
    const apart = Array.from({ length: y.shape[0] }, (_, j) => j).filter((j) =>
      kept.some((_, k) => from[at + k] !== to[j * dimension + k]),
    )
    if (apart.length === 0) return kept.fill(0)
    return tidy(() => {
      const columns = tensor1d(apart, 'int32')
      const point = rowsOf({ start: row, count: 1 }, x)
      const shares = gather(slice(weights, [row, 0], [1, y.shape[0]]), columns, 1)
      return finiteOrZero(slopesOf(value, point, gather(y, columns), shares)).arraySync()[0] ?? []
    })
  })
  return tensorFrom(repaired.flatMap((row) => Array.from(row)), [count, dimension])
}
