import type { Tensor2D } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import type { Pairwise } from '../pairwise.js'
import type { Precision } from '../place.js'
import type { Dialect } from './dialect.js'
import { functionSides } from './function-sides.js'
import { lpSides } from './lp-sides.js'
import { matrixSides } from './matrix-sides.js'
import { radialSides } from './radial-sides.js'
import type { Sides } from './rows.js'

/** A function of two points on two clouds, after a look at their shapes. */
export const sidesOf = (
  dialect: Dialect,
  precision: Precision,
  pairwise: Pairwise,
  x: Tensor2D,
  y: Tensor2D,
): Sides => {
  for (const [name, cloud] of [['x', x] as const, ['y', y] as const])
    if (cloud.rank !== 2 || cloud.shape[0] === 0)
      throw mongeError(
        'InvalidArgument',
        `geometry: ${name}`,
        `expected points [n, d], got shape [${cloud.shape.join(', ')}]`,
      )
  if (pairwise.tag === 'matrix') return matrixSides(pairwise.entries, x, y)
  if (x.shape[1] !== y.shape[1] || x.shape[1] === 0)
    throw mongeError('DimensionMismatch', 'geometry', `points of dimension ${x.shape[1]} and ${y.shape[1]}`)
  switch (pairwise.tag) {
    case 'radial':
      return radialSides(dialect, precision, pairwise.profile, x, y)
    case 'lp':
      return lpSides(dialect, pairwise, x, y)
    case 'function':
      return functionSides(pairwise.value, x, y)
  }
}
