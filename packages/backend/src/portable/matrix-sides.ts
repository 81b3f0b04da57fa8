import { clone, keep, slice, tidy, transpose, zeros } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { rowsOf } from './points.js'
import type { Sides } from './rows.js'

/** Given entries, constant in the points. */
export const matrixSides = (entries: Tensor2D, x: Tensor2D, y: Tensor2D): Sides => {
  const [n, m] = [x.shape[0], y.shape[0]]
  if (entries.rank !== 2 || entries.shape[0] !== n || entries.shape[1] !== m)
    throw mongeError(
      'DimensionMismatch',
      'geometry: matrix',
      `expected entries [${n}, ${m}], got [${entries.shape.join(', ')}]`,
    )
  const held = keep(clone(entries))
  return {
    fromX: {
      entries: (block) => rowsOf(block, held),
      slopes: ({ count }) => zeros([count, x.shape[1]]),
    },
    fromY: {
      entries: ({ start, count }) => tidy(() => transpose(slice(held, [0, start], [n, count]))),
      slopes: ({ count }) => zeros([count, y.shape[1]]),
    },
    same: false,
    width: 1,
    holds: [held],
  }
}
