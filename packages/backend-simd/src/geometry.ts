import { cornersOf } from '@monge/backend'
import type { Backend, Geometry, Pairwise, Place } from '@monge/backend'
import { mongeError } from '@monge/errors'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { cloudOf, jointBox } from './cloud.js'
import { knownCost, pointDirection } from './direction.js'
import type { KnownCost } from './direction.js'
import { delegatedGeometry } from './delegated.js'
import { matrixGeometry } from './matrix.js'
import type { Machine } from './machine.js'
import type { Idle } from './parking.js'
import { twoWays } from './two-ways.js'

type Vector = Float64Array

/** Prepares reductions: by the kernels where they know the cost, over a matrix of it where not. */
export const simdGeometry =
  (machine: Machine, place: Place, portable: Backend<Tensor>) =>
  (pairwise: Pairwise, x: Tensor2D, y: Tensor2D): Geometry<Vector> => {
    requireShapes(pairwise, x, y)
    // A matrix is the same between any points.
    const [from, to] = pairwise.tag === 'matrix' ? [pairwise.entries, pairwise.entries] : [x, y]
    const key = [pairwise, from, to, x.shape[1]] as const
    const parked = machine.parking.take(...key)
    if (parked !== undefined) return parked
    const known = knownCost(pairwise)
    if (known !== undefined) return pointGeometry(machine, known, x, y, machine.parking.park(...key))
    if (pairwise.tag === 'matrix') return matrixGeometry(machine, pairwise.entries, x.shape[1], machine.parking.park(...key))
    return delegatedGeometry(machine, place, portable, portable.geometry(pairwise, x, y))
  }

const pointGeometry = (
  machine: Machine,
  cost: KnownCost,
  x: Tensor2D,
  y: Tensor2D,
  park: (idle: Idle) => void,
): Geometry<Vector> => {
  const from = x.dataSync()
  const to = y === x ? from : y.dataSync()
  const same = x === y || equal(from, to)
  const box = same ? cornersOf(x) : jointBox(cornersOf(x), cornersOf(y))
  // Coordinates relative to the middle: far from the origin float32 has no digits left for differences.
  const centre = box.low.slice()
  for (let k = 0; k < centre.length; k++) centre[k] = (centre[k] + box.high[k]) / 2
  const source = cloudOf(machine, from, x.shape[0], centre)
  const target = same ? source : cloudOf(machine, to, y.shape[0], centre)
  const most = cost.most(box)
  return twoWays(machine, {
    there: pointDirection(machine, cost, source, target, most),
    back: same ? undefined : () => pointDirection(machine, cost, target, source, most),
    dispose: () => {
      source.dispose()
      if (!same) target.dispose()
    },
    park,
  })
}

const equal = (u: ArrayLike<number>, v: ArrayLike<number>): boolean => {
  if (u.length !== v.length) return false
  for (let k = 0; k < u.length; k++) if (u[k] !== v[k]) return false
  return true
}

const requireShapes = (pairwise: Pairwise, x: Tensor2D, y: Tensor2D): void => {
  if (x.shape.length !== 2 || y.shape.length !== 2)
    throw mongeError('DimensionMismatch', 'geometry', `expected points of shape [n, d], got [${x.shape}] and [${y.shape}]`)
  const [n, d] = x.shape
  const [m, e] = y.shape
  if (pairwise.tag !== 'matrix') {
    if (d !== e) throw mongeError('DimensionMismatch', 'geometry', `points of dimension ${d} against dimension ${e}`)
    return
  }
  const [rows, columns] = pairwise.entries.shape
  if (rows !== n || columns !== m)
    throw mongeError('DimensionMismatch', 'geometry', `a matrix [${rows}, ${columns}] for ${n} and ${m} points`)
}
