import { around, axesOf, emptyValues } from './dense.js'
import type { Dense, Kernels } from './dense.js'
import { range, takeAxes } from './positions.js'

/** The `k` greatest along the last axis with their indices, the first of equals first. */
const topK = (x: Dense, k: number): readonly Dense[] => {
  const length = x.shape[x.shape.length - 1]
  const rows = x.values.length / length
  const values = emptyValues(x.dtype, rows * k)
  const indices = new Int32Array(rows * k)
  for (let row = 0; row < rows; row++) {
    const at = (index: number): number => x.values[row * length + index]
    const order = range(length).toSorted((i, j) => at(j) - at(i) || i - j)
    for (let i = 0; i < k; i++) {
      values[row * k + i] = at(order[i])
      indices[row * k + i] = order[i]
    }
  }
  const shape = x.shape.with(x.shape.length - 1, k)
  return [
    { shape, dtype: x.dtype, values },
    { shape, dtype: 'int32', values: indices },
  ]
}

/** The distinct slices along an axis in order of appearance, and for each slice which one it is. */
const unique = (x: Dense, axis: number): readonly Dense[] => {
  const { outer, length, inner } = around(x.shape, axis)
  const seen = new Map<string, number>()
  const first: number[] = []
  const which = new Int32Array(length)
  for (let index = 0; index < length; index++) {
    const chunks = range(outer).map((o) => {
      const start = (o * length + index) * inner
      return x.values.subarray(start, start + inner).join()
    })
    const key = chunks.join()
    const known = seen.get(key)
    which[index] = known ?? seen.size
    if (known === undefined) {
      seen.set(key, seen.size)
      first.push(index)
    }
  }
  return [
    takeAxes(
      x,
      x.shape.map((size, one) => (one === axis ? first : range(size))),
    ),
    { shape: [length], dtype: 'int32', values: which },
  ]
}

/** Where each value would be inserted in its sorted row: before its equals (`left`) or after them (`right`). */
const searchSorted = (sorted: Dense, values: Dense, side: 'left' | 'right'): Dense => {
  const [rows, length] = sorted.shape
  const perRow = values.shape[1]
  const result = new Int32Array(rows * perRow)
  for (let i = 0; i < result.length; i++) {
    const start = Math.floor(i / perRow) * length
    let low = 0
    let high = length
    while (low < high) {
      const middle = (low + high) >> 1
      const entry = sorted.values[start + middle]
      if (entry < values.values[i] || (side === 'right' && entry === values.values[i])) low = middle + 1
      else high = middle
    }
    result[i] = low
  }
  return { shape: values.shape, dtype: 'int32', values: result }
}

const softmax = (logits: Dense): Dense => {
  const length = logits.shape[logits.shape.length - 1]
  const values = emptyValues('float32', logits.values.length)
  for (let start = 0; start < values.length; start += length) {
    let greatest = -Infinity
    for (let i = start; i < start + length; i++) greatest = Math.max(greatest, logits.values[i])
    let sum = 0
    for (let i = start; i < start + length; i++) sum += values[i] = Math.exp(logits.values[i] - greatest)
    for (let i = start; i < start + length; i++) values[i] /= sum
  }
  return { shape: logits.shape, dtype: 'float32', values }
}

export const orderingKernels: Kernels = {
  SearchSorted: ({ sortedSequence, values }, { side }: { readonly side: 'left' | 'right' }) =>
    searchSorted(sortedSequence, values, side),
  // tfjs moves the axis last itself.
  Softmax: ({ logits }) => softmax(logits),
  TopK: ({ x }, { k }: { readonly k: number }) => topK(x, k),
  Unique: ({ x }, { axis }: { readonly axis: number }) => unique(x, axesOf(axis, x.shape.length)[0]),
}
