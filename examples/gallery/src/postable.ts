type Numbers = Float32Array | Float64Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array

interface Postable {
  readonly value: unknown
  readonly transfers: readonly ArrayBuffer[]
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/**
 * A value with every typed array in it copied, and the copies' buffers, to be transferred with it. Runs may hand out an
 * array twice, or one that belongs to a tensor: transferring it itself would take it away from them.
 */
export const postable = (value: unknown): Postable => {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    const copy = (value as Numbers).slice()
    return { value: copy, transfers: [copy.buffer as ArrayBuffer] }
  }
  if (Array.isArray(value)) {
    const parts = value.map(postable)
    return { value: parts.map((part) => part.value), transfers: parts.flatMap(({ transfers }) => transfers) }
  }
  if (!isRecord(value)) return { value, transfers: [] }
  const parts = Object.entries(value).map(([key, one]) => [key, postable(one)] as const)
  return {
    value: Object.fromEntries(parts.map(([key, part]) => [key, part.value])),
    transfers: parts.flatMap(([, { transfers }]) => transfers),
  }
}
