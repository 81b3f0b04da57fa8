import { mongeError } from '@monge/errors'

/*
 * The file format safetensors: the length of a header as 8 bytes, the header in JSON (names to types, shapes and places
 * of tensors; and strings under `__metadata__`), the numbers. Little-endian throughout.
 *
 * See https://huggingface.co/docs/safetensors
 */

/** A type of numbers in a file. */
export type NumberType = 'F32' | 'F64' | 'I32'

type Numbers = Float32Array | Float64Array | Int32Array

/** A tensor in a file. */
export interface StoredTensor {
  readonly type: NumberType
  readonly shape: readonly number[]
  readonly values: Numbers
}

/** What a file holds. */
export interface StoredFile {
  readonly tensors: ReadonlyMap<string, StoredTensor>
  readonly metadata: ReadonlyMap<string, string>
}

const bytesOf: Readonly<Record<NumberType, number>> = { F32: 4, F64: 8, I32: 4 }

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

/** The bytes of a file. */
export const encodeFile = ({ tensors, metadata }: StoredFile): Uint8Array => {
  let end = 0
  const entries = [...tensors].map(([name, { type, shape, values }]) => {
    const start = end
    end += values.byteLength
    return [name, { dtype: type, shape, data_offsets: [start, end] }] as const
  })
  const text = JSON.stringify(Object.fromEntries([['__metadata__', Object.fromEntries(metadata)], ...entries]))
  const unpadded = new TextEncoder().encode(text)
  // Numbers begin at a multiple of eight bytes, so that readers can map them.
  const header = new Uint8Array(Math.ceil(unpadded.length / 8) * 8).fill(32)
  header.set(unpadded)
  const file = new Uint8Array(8 + header.length + end)
  new DataView(file.buffer).setBigUint64(0, BigInt(header.length), true)
  file.set(header, 8)
  let at = 8 + header.length
  for (const { values } of tensors.values()) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at)
    at += values.byteLength
  }
  return file
}

/**
 * What is in the bytes of a file.
 *
 * @throws InvalidArgument if they are no such file, or one with other types of numbers than float32, float64 and int32
 */
export const decodeFile = (where: string, bytes: Uint8Array): StoredFile => {
  const refuse = (what: string, cause?: unknown): never => {
    throw mongeError('InvalidArgument', where, what, cause)
  }
  if (!(bytes instanceof Uint8Array)) return refuse('expected the bytes of a safetensors file')
  if (bytes.length < 8) return refuse(`a file of ${bytes.length} bytes is too short`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(bytes.length - 8)) return refuse(`its header of ${length} bytes is longer than the file`)
  const start = 8 + Number(length)
  const header = parse(bytes.subarray(8, start), refuse)
  const metadata = new Map<string, string>()
  const tensors = new Map<string, StoredTensor>()
  let end = 0
  const places = Object.entries(header).flatMap(([name, entry]) => {
    if (name !== '__metadata__') return [{ name, ...placeOf(name, entry, refuse) }]
    if (!isRecord(entry)) return refuse('its metadata are no record')
    for (const [key, text] of Object.entries(entry))
      metadata.set(key, typeof text === 'string' ? text : refuse(`its metadata "${key}" are no text`))
    return []
  })
  for (const { name, type, shape, from, to } of places.toSorted((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) refuse(`the numbers of "${name}" begin at ${from}, not at ${end}`)
    if (start + to > bytes.length) refuse(`the numbers of "${name}" go on beyond the end of the file`)
    end = to
    tensors.set(name, { type, shape, values: numbersOf(type, bytes.slice(start + from, start + to)) })
  }
  if (start + end !== bytes.length) refuse(`${bytes.length - start - end} bytes belong to no tensor`)
  return { tensors: new Map(places.map(({ name }) => [name, tensors.get(name) as StoredTensor])), metadata }
}

type Refuse = (what: string, cause?: unknown) => never

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const parse = (bytes: Uint8Array, refuse: Refuse): Readonly<Record<string, unknown>> => {
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (error) {
    return refuse('its header is not JSON', error)
  }
  return isRecord(header) ? header : refuse('its header is no record')
}

interface Place {
  readonly type: NumberType
  readonly shape: readonly number[]
  readonly from: number
  readonly to: number
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

const placeOf = (name: string, entry: unknown, refuse: Refuse): Place => {
  const { dtype, shape, data_offsets: offsets } = isRecord(entry) ? entry : refuse(`"${name}" is described by no record`)
  if (dtype !== 'F32' && dtype !== 'F64' && dtype !== 'I32')
    return refuse(`the numbers of "${name}" are of type ${JSON.stringify(dtype)}, expected F32, F64 or I32`)
  if (!Array.isArray(shape) || !shape.every(isCount)) return refuse(`the shape of "${name}" is no list of lengths`)
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    return refuse(`the place of "${name}" is no pair of offsets`)
  const [from, to] = offsets as [number, number]
  if (to - from !== sizeOf(shape) * bytesOf[dtype])
    return refuse(`"${name}" has ${to - from} bytes for ${sizeOf(shape)} numbers of type ${dtype}`)
  return { type: dtype, shape, from, to }
}

const numbersOf = (type: NumberType, { buffer }: Uint8Array<ArrayBuffer>): Numbers =>
  type === 'F32' ? new Float32Array(buffer) : type === 'F64' ? new Float64Array(buffer) : new Int32Array(buffer)
