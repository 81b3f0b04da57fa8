import type { Tensor, TensorInfo } from '@tensorflow/tfjs-core'
import type { Device } from './device.js'
import { mergeShader, resultShader } from './gather.js'
import { componentsOf, reductionShader, tileOf } from './reduction.js'
import type { Form, Reduction } from './reduction.js'

/** What a reduction reads, as textures. */
export interface Operands {
  readonly rows: TensorInfo | undefined
  readonly columns: TensorInfo
  readonly tiles: TensorInfo | undefined
}

/** How many rows and columns, and the numbers that the shaders are given. */
export interface Extent {
  readonly rows: number
  readonly columns: number
  /** Numbers that the result has for each row. */
  readonly components: number
  readonly epsilon: number
  /** Added to a softmin's logarithm of the mean. */
  readonly raise: number
  readonly constants: readonly number[]
}

/** Fragments that keep a GPU busy. */
const enough = 2 ** 15

/** Columns of one fragment: few where there are few rows, so that there are fragments enough, and bounded. */
const chunkOf = (device: Device, rows: number, columns: number, groups: number): number => {
  const even = Math.ceil((columns * groups) / enough)
  return Math.max(1, Math.min(columns, Math.max(even, 32), 1024, Math.ceil(device.pairs / rows)))
}

/**
 * Reduces over the columns: every fragment goes through a chunk of them for the rows of its texel, every draw through a
 * bounded number of pairs, and then what the chunks gave is brought together. Nothing is larger than a few vectors.
 */
export const reduce = (
  device: Device,
  reduction: Reduction,
  form: Form,
  operands: Operands,
  extent: Extent,
): Tensor => {
  const { rows, columns, epsilon, raise, constants } = extent
  const tile = tileOf(componentsOf(reduction, form))
  const parts = Math.ceil(extent.components / tile.components)
  const rowGroups = Math.ceil(rows / tile.rows)
  const groups = rowGroups * parts
  const chunk = chunkOf(device, rows, columns, groups)
  const chunks = Math.max(1, Math.floor(device.pairs / (rows * parts * chunk)))
  const shader = reductionShader(reduction, form)
  const inputs = [operands.rows, operands.columns, operands.tiles].filter((info) => info !== undefined)
  let state: TensorInfo | undefined
  for (let first = 0; first < columns; first += chunk * chunks) {
    const last = Math.min(columns, first + chunk * chunks)
    const drawn = Math.ceil((last - first) / chunk)
    const uniforms = [
      [rows, columns, parts],
      [first, last, chunk, drawn],
      [epsilon],
      ...(constants.length > 0 ? [constants] : []),
    ]
    const partial = device.run(shader, inputs, uniforms, groups * drawn)
    if (drawn === 1 && state === undefined) {
      state = partial
      continue
    }
    const merge = mergeShader(reduction.fold, state !== undefined)
    const merged: TensorInfo = device.run(
      merge,
      [partial, ...(state === undefined ? [] : [state])],
      [[drawn], [rowGroups]],
      groups,
    )
    device.free(partial)
    if (state !== undefined) device.free(state)
    state = merged
  }
  if (state === undefined) throw new RangeError('a reduction over no columns')
  const softmin = reduction.fold === 'softmin' ? [[epsilon, raise]] : []
  const result = device.run(
    resultShader(reduction.fold, tile),
    [state],
    [[rowGroups], [extent.components], ...softmin],
    rows * extent.components,
  )
  device.free(state)
  return device.tensor(result)
}
