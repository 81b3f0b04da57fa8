import { tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { dispose, tensor } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { isTensor } from '../is-tensor.js'
import { decodeFile, encodeFile } from './safetensors.js'
import type { StoredTensor } from './safetensors.js'

/*
 * A tree of tensors, numbers and words as a file: its tensors under the names of their places (`params.layers.0.weights`),
 * so that other tools find them, and its shape in the metadata.
 */

type Node =
  | { readonly tensor: string }
  | { readonly list: readonly Node[] }
  | { readonly record: Readonly<Record<string, Node>> }
  | { readonly value: string | number | boolean | null }
  | { readonly number: string }
  | { readonly absent: true }

const shapeKey = 'monge.tree'

/**
 * The bytes of a safetensors file that holds a tree of records, lists, tensors, numbers, words and truth values.
 *
 * @throws InvalidArgument for a tree that holds something else, such as a function
 */
export const encodeTree = (tree: unknown): Uint8Array => {
  const tensors = new Map<string, StoredTensor>()
  const shape = describe(tree, [], tensors)
  return encodeFile({ tensors, metadata: new Map([[shapeKey, JSON.stringify(shape)]]) })
}

const describe = (tree: unknown, path: readonly string[], tensors: Map<string, StoredTensor>): Node => {
  if (isTensor(tree)) return { tensor: store(tree, path, tensors) }
  if (tree === undefined) return { absent: true }
  if (typeof tree === 'number')
    return Number.isFinite(tree) && !Object.is(tree, -0) ? { value: tree } : { number: Object.is(tree, -0) ? '-0' : String(tree) }
  if (tree === null || typeof tree === 'string' || typeof tree === 'boolean') return { value: tree }
  if (Array.isArray(tree)) return { list: tree.map((part, i) => describe(part, [...path, String(i)], tensors)) }
  if (typeof tree === 'object' && !ArrayBuffer.isView(tree))
    return {
      record: Object.fromEntries(
        Object.entries(tree).map(([name, part]) => [name, describe(part, [...path, name], tensors)]),
      ),
    }
  throw mongeError('InvalidArgument', 'encodeTree', `cannot store what is at "${path.join('.')}"`)
}

const store = (leaf: Tensor, path: readonly string[], tensors: Map<string, StoredTensor>): string => {
  const place = path.length === 0 ? 'tensor' : path.join('.')
  let name = place
  for (let count = 2; tensors.has(name) || name === '__metadata__'; count++) name = `${place}#${count}`
  const values: unknown = leaf.dataSync()
  const type = values instanceof Float64Array ? 'F64' : values instanceof Float32Array ? 'F32' : 'I32'
  const copy = values instanceof Float64Array || values instanceof Float32Array ? values.slice() : Int32Array.from(leaf.dataSync())
  tensors.set(name, { type, shape: leaf.shape, values: copy })
  return name
}

/**
 * The tree in a file that `encodeTree` made, its tensors at a place. Where that is of less precision than the file,
 * numbers are rounded.
 *
 * @throws InvalidArgument if the bytes are no such file
 */
export const decodeTree =
  (place: Place) =>
  (bytes: Uint8Array): unknown => {
    const { tensors, metadata } = decodeFile('decodeTree', bytes)
    const made: Tensor[] = []
    try {
      return place.within(() => rebuild(parseShape(metadata.get(shapeKey)), tensors, made))
    } catch (error) {
      dispose(made)
      throw error
    }
  }

const refuse = (what: string): never => {
  throw mongeError('InvalidArgument', 'decodeTree', what)
}

const parseShape = (text: string | undefined): unknown => {
  if (text === undefined) return refuse(`there is no tree in the file: its metadata have no "${shapeKey}"`)
  try {
    return JSON.parse(text)
  } catch {
    return refuse('the shape of the tree is not JSON')
  }
}

const rebuild = (node: unknown, tensors: ReadonlyMap<string, StoredTensor>, made: Tensor[]): unknown => {
  if (typeof node !== 'object' || node === null) return refuse('the shape of the tree is broken')
  const { tensor: name, list, record, value, number, absent } = node as Readonly<Record<string, unknown>>
  if (typeof name === 'string') {
    const leaf = load(tensors.get(name) ?? refuse(`the tensor "${name}" is missing`))
    made.push(leaf)
    return leaf
  }
  if (Array.isArray(list)) return list.map((part) => rebuild(part, tensors, made))
  if (typeof record === 'object' && record !== null)
    return Object.fromEntries(Object.entries(record).map(([key, part]) => [key, rebuild(part, tensors, made)]))
  if (absent === true) return undefined
  if (number === 'NaN' || number === 'Infinity' || number === '-Infinity' || number === '-0') return Number(number)
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value
  return refuse('the shape of the tree is broken')
}

const load = ({ type, shape, values }: StoredTensor): Tensor =>
  type === 'I32' ? tensor(values, [...shape], 'int32') : tensorFrom(values, shape)
