import { tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { disposeParams, flattenParams, mapParams } from '@monge/generators'
import { learnedScore } from '@monge/langevin'
import type { ResidualParams, Score } from '@monge/langevin'
import { key } from '@monge/random'
import type { Tensor } from '@tensorflow/tfjs-core'
import { size } from '@monge-tooling/handwriting'
import { modelOf } from './model.js'

/*
 * A learned score in few bytes: the width of its layers, then its tensors one by one. Of a matrix a number for each
 * column in float32 and a byte for each entry, which is that many 127ths of it; of a vector float32.
 */

const steps = 127

const bytesOf = (values: ArrayLike<number>): Uint8Array => new Uint8Array(Float32Array.from(values).buffer)

const packedMatrix = (values: ArrayLike<number>, columns: number): readonly Uint8Array[] => {
  const scales = new Float32Array(columns)
  for (let i = 0; i < values.length; i++) scales[i % columns] = Math.max(scales[i % columns] ?? 0, Math.abs(values[i] ?? 0))
  const entries = Int8Array.from(values, (value, i) => Math.round((steps * value) / (scales[i % columns] || 1)))
  return [bytesOf(scales), new Uint8Array(entries.buffer)]
}

const packedTensor = (tensor: Tensor): readonly Uint8Array[] => {
  const values = tensor.dataSync<'float32'>()
  return tensor.rank === 2 ? packedMatrix(values, tensor.shape[1] ?? 1) : [bytesOf(values)]
}

/** The parameters of a model of this width, in bytes. */
export const pack = (width: number, params: ResidualParams): Uint8Array => {
  const parts = [new Uint8Array(Uint32Array.of(width).buffer), ...flattenParams(params).flatMap(([, leaf]) => packedTensor(leaf))]
  const bytes = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  parts.reduce((offset, part) => {
    bytes.set(part, offset)
    return offset + part.length
  }, 0)
  return bytes
}

/** A learned score, and what is to be called when it is no longer needed. */
export interface Unpacked {
  readonly score: Score
  readonly dispose: () => void
}

/** How many bytes a tensor takes. */
const lengthOf = ({ rank, shape, size: count }: Tensor): number => (rank === 2 ? 4 * (shape[1] ?? 1) + count : 4 * count)

/**
 * The score that was packed, at a place; the bytes may come as base64.
 *
 * @throws InvalidArgument if the bytes are too few or too many
 */
export const unpack =
  (packed: Uint8Array | string) =>
  (place: Place): Unpacked => {
    const bytes = typeof packed === 'string' ? Uint8Array.from(atob(packed), (character) => character.charCodeAt(0)) : packed
    let offset = 0
    const take = (count: number): ArrayBuffer => {
      offset += count
      return bytes.slice(offset - count, offset).buffer
    }
    const refuse = (): never => {
      throw mongeError('InvalidArgument', 'unpack', `${bytes.length} bytes are no score`)
    }
    if (bytes.length < 4) refuse()
    const [width = 0] = new Uint32Array(take(4))
    // The first matrix alone has more than this.
    if (width < 1 || width * size > bytes.length) refuse()
    const model = modelOf(width)(place)
    const shapes = model.init(key(0))
    const read = (leaf: Tensor): Tensor => {
      const { shape } = leaf
      if (leaf.rank !== 2) return tensorFrom(new Float32Array(take(4 * leaf.size)), shape)
      const columns = shape[1] ?? 1
      const scales = new Float32Array(take(4 * columns))
      const entries = new Int8Array(take(leaf.size))
      return tensorFrom(Float32Array.from(entries, (entry, i) => (entry * (scales[i % columns] ?? 0)) / steps), shape)
    }
    try {
      const due = flattenParams(shapes).reduce((total, [, leaf]) => total + lengthOf(leaf), offset)
      if (due !== bytes.length) refuse()
      const params = place.within(() => mapParams(read)(shapes))
      return { score: learnedScore(model)(params), dispose: () => disposeParams(params) }
    } finally {
      disposeParams(shapes)
    }
  }
