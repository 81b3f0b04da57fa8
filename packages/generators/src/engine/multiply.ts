import type { Machine } from './machine.js'

/** Which of two factors stands transposed. */
export interface Turned {
  readonly left: boolean
  readonly right: boolean
}

/** Two matrices, row by row, to be multiplied: `[m, depth]` and `[depth, n]`, or their transposes. */
export interface Factors {
  readonly left: ArrayLike<number>
  readonly right: ArrayLike<number>
  readonly m: number
  readonly n: number
  readonly depth: number
  readonly turned: Turned
  /** Added to every row, `[n]`. */
  readonly bias?: ArrayLike<number>
}

/** The product of two matrices, `[m, n]`, or undefined where memory is short. */
export const multiply = ({ exports, rooms }: Machine, factors: Factors): Float32Array | undefined => {
  const { left, right, m, n, depth, turned, bias } = factors
  const made = memoryFor(rooms, left.length, right.length, m * n)
  if (made === undefined) return undefined
  const [a, b, c] = made
  if (turned.left && turned.right) setTransposed(a, left, m, depth)
  else a.set(left)
  b.set(right)
  if (turned.right) {
    exports.inner(a.byteOffset, b.byteOffset, c.byteOffset, m, n, depth)
    return c.slice()
  }
  c.fill(0)
  if (bias !== undefined) for (let i = 0; i < m; i++) c.set(bias, i * n)
  const [rowStep, depthStep] = turned.left ? [4, 4 * m] : [4 * depth, 4]
  exports.product(a.byteOffset, b.byteOffset, c.byteOffset, m, n, depth, rowStep, depthStep)
  return c.slice()
}

type Three = readonly [Float32Array, Float32Array, Float32Array]

const memoryFor = (rooms: Machine['rooms'], ...lengths: readonly number[]): Three | undefined => {
  try {
    return rooms(lengths) as unknown as Three
  } catch {
    return undefined
  }
}

const setTransposed = (target: Float32Array, values: ArrayLike<number>, m: number, depth: number): void => {
  for (let i = 0; i < m; i++) for (let k = 0; k < depth; k++) target[i * depth + k] = values[k * m + i] as number
}
