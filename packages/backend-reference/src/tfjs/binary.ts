import { backend_util } from '@tensorflow/tfjs-core'
import type { DataType } from '@tensorflow/tfjs-core'
import { emptyValues } from './dense.js'
import type { Dense, Kernel, Kernels } from './dense.js'
import { broadcastPositions, sameShape } from './positions.js'

/** A function of two numbers on two tensors, the smaller repeated along the axes that it lacks. */
export const combine =
  (apply: (a: number, b: number) => number, dtype?: DataType) =>
  (a: Dense, b: Dense): Dense => {
    const shape = backend_util.assertAndGetBroadcastShape([...a.shape], [...b.shape])
    const out = dtype ?? a.dtype
    const left = a.values
    const right = b.values
    if (sameShape(a.shape, b.shape)) {
      const values = emptyValues(out, left.length)
      for (let i = 0; i < values.length; i++) values[i] = apply(left[i], right[i])
      return { shape, dtype: out, values }
    }
    const fromLeft = broadcastPositions(a.shape, shape)
    const fromRight = broadcastPositions(b.shape, shape)
    const values = emptyValues(out, fromLeft.length)
    for (let i = 0; i < values.length; i++) values[i] = apply(left[fromLeft[i]], right[fromRight[i]])
    return { shape, dtype: out, values }
  }

const binary = (apply: (a: number, b: number) => number, dtype?: DataType): Kernel<unknown> => {
  const both = combine(apply, dtype)
  return ({ a, b }) => both(a, b)
}

const compare = (holds: (a: number, b: number) => boolean): Kernel<unknown> =>
  binary((a, b) => (holds(a, b) ? 1 : 0), 'bool')

/** The remainder with the sign of the divisor. */
const modulo = (a: number, b: number): number => {
  const remainder = a % b
  return a >= 0 === b >= 0 ? remainder : (remainder + b) % b
}

export const add: (a: Dense, b: Dense) => Dense = combine((a, b) => a + b)
export const prelu: (x: Dense, alpha: Dense) => Dense = combine((x, alpha) => (x < 0 ? alpha * x : x))

export const binaryKernels: Kernels = {
  Add: ({ a, b }) => add(a, b),
  AddN: (tensors) => Object.values(tensors).reduce((sum, tensor) => add(sum, tensor)),
  Atan2: binary(Math.atan2),
  EluGrad: ({ dy, y }) => combine((slope, value) => (value >= 0 ? slope : slope * (value + 1)))(dy, y),
  Equal: compare((a, b) => a === b),
  FloorDiv: binary((a, b) => Math.floor(a / b), 'int32'),
  Greater: compare((a, b) => a > b),
  GreaterEqual: compare((a, b) => a >= b),
  Less: compare((a, b) => a < b),
  LessEqual: compare((a, b) => a <= b),
  LogicalAnd: compare((a, b) => a !== 0 && b !== 0),
  LogicalOr: compare((a, b) => a !== 0 || b !== 0),
  Maximum: binary(Math.max),
  Minimum: binary(Math.min),
  Mod: binary(modulo),
  Multiply: binary((a, b) => a * b),
  NotEqual: compare((a, b) => a !== b),
  Pow: binary(Math.pow),
  Prelu: ({ x, alpha }) => prelu(x, alpha),
  RealDiv: binary((a, b) => a / b),
  SquaredDifference: binary((a, b) => (a - b) * (a - b)),
  Sub: binary((a, b) => a - b),
}
