import { clone, keep, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { slopesApart } from './slopes-apart.js'
import { rowsOf } from './points.js'
import type { Rows, Sides } from './rows.js'
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
      throw mongeError(
        'DimensionMismatch',
        'geometry: function',
        `expected it to return [${n}, ${m}], got [${result.shape.join(', ')}]`,
      )
    return result
  }

const functionRows = (value: Value, x: Tensor2D, y: Tensor2D): Rows => ({
  entries: (block) => tidy(() => clone(value(rowsOf(block, x), y))),
  slopes: (block, weights) =>
    tidy(() => {
      const points = rowsOf(block, x)
      const slopes = slopesOf(value, points, y, weights)
      const values = slopes.dataSync<'float32'>()
      return values.every(Number.isFinite)
        ? slopes
        : slopesApart((from, to, shares) => slopesOf(value, from, to, shares), points, y, weights, values)
    }),
})

const slopesOf = (value: Value, x: Tensor2D, y: Tensor2D, weights: Tensor2D): Tensor2D =>
  differentiate((points) => value(points, y), x, weights)
