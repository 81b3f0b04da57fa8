import { strideOf } from './cloud.js'
import type { Machine } from './machine.js'

type Vector = Float64Array

/** Blocks of memory for the length of a call. Views of it end with the next allocation. */
export interface Arena {
  readonly allocate: (bytes: number) => number
  /** Numbers in the machine's format, at the start of `length` of them; zeros follow. */
  readonly numbers: (values: Vector, length?: number) => number
  /** Numbers in float64, multiplied by `factor`; `filler` follows. */
  readonly doubles: (values: Vector, factor: number, length?: number, filler?: number) => number
  readonly singles: (values: Vector, factor: number, length?: number, filler?: number) => number
  /** Vectors `[count, width]` as `width` rows of `strideOf(count)` in the machine's format. */
  readonly columns: (values: Vector, count: number, width: number) => number
}

/** Runs `body` with an arena, and takes back what it was given. */
export const inArena = <A>({ heap, stack, precision }: Machine, body: (arena: Arena) => A): A => {
  const before = stack.top()
  const doubles = (values: Vector, factor: number, length = values.length, filler = 0): number => {
    const at = stack.push(length * 8)
    const target = heap.float64(at, length)
    for (let i = 0; i < values.length; i++) target[i] = values[i] * factor
    target.fill(filler, values.length)
    return at
  }
  const singles = (values: Vector, factor: number, length = values.length, filler = 0): number => {
    const at = stack.push(length * 4)
    const target = heap.float32(at, length)
    for (let i = 0; i < values.length; i++) target[i] = values[i] * factor
    target.fill(filler, values.length)
    return at
  }
  const numbers = (values: Vector, length?: number): number =>
    precision === 'float64' ? doubles(values, 1, length) : singles(values, 1, length)
  const columns = (values: Vector, count: number, width: number): number => {
    const stride = strideOf(count)
    if (width === 1) return numbers(values, stride)
    const turned = new Float64Array(stride * width)
    for (let j = 0; j < count; j++) for (let k = 0; k < width; k++) turned[k * stride + j] = values[j * width + k]
    return numbers(turned)
  }
  try {
    return body({ allocate: stack.push, numbers, doubles, singles, columns })
  } finally {
    stack.cut(before)
  }
}
