import { tensorFrom } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { energy, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { Tensor, dispose } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  adam,
  chain,
  checkpointOf,
  clipByGlobalNorm,
  decodeCheckpoint,
  decodeTree,
  disposeState,
  encodeCheckpoint,
  encodeTree,
  fit,
  last,
  multilayerPerceptron,
  sgd,
} from '../index.js'
import { decodeFile, encodeFile } from './safetensors.js'

type Plan =
  | { readonly tensor: readonly number[] }
  | { readonly value: unknown }
  | { readonly list: readonly Plan[] }
  | { readonly record: Readonly<Record<string, Plan>> }

const plans = fc.letrec<{ tree: Plan }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.record({ tensor: fc.array(fc.integer({ min: -99, max: 99 }), { maxLength: 4 }) }),
    fc.record({ value: fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null), fc.constant(undefined)) }),
    fc.record({ list: fc.array(tie('tree'), { maxLength: 3 }) }),
    fc.record({ record: fc.dictionary(fc.oneof(fc.constantFrom('a', 'a.b', 'b', '__metadata__', '__proto__'), fc.string()), tie('tree'), { maxKeys: 3 }) }),
  ),
})).tree

const build = (plan: Plan): unknown =>
  'tensor' in plan
    ? tensorFrom(plan.tensor, [plan.tensor.length])
    : 'list' in plan
      ? plan.list.map(build)
      : 'record' in plan
        ? Object.fromEntries(Object.entries(plan.record).map(([name, part]) => [name, build(part)]))
        : plan.value

/** A tree with its tensors as lists of their shapes and numbers. */
const plain = (tree: unknown): unknown => {
  if (tree instanceof Tensor) return { shape: tree.shape, values: Array.from(tree.dataSync()), type: tree.dtype }
  if (Array.isArray(tree)) return tree.map(plain)
  if (typeof tree === 'object' && tree !== null) return Object.entries(tree).map(([name, part]) => [name, plain(part)])
  return tree
}

/** The tag of the typed error that `body` throws, if it throws one. */
const outcome = (body: () => void): string => {
  try {
    body()
    return 'fine'
  } catch (error) {
    if (isMongeError(error)) return error.tag
    throw error
  }
}

eachBackend('checkpoints', (backend) => {
  const data = () => measureOrThrow(fromArrays([[0, 1], [1, 0], [2, 2]], undefined, backend()))
  const options = () => ({
    generator: multilayerPerceptron({ sizes: [2, 3, 2] })(backend()),
    loss: kernelNorm(energy())(backend()),
    optimiser: chain(clipByGlobalNorm(1), adam(0.05)),
    batch: 3,
    average: 0.9,
  })

  test('a tree comes back from a file as it was', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        withoutLeaks(() => {
          const tree = backend().within(() => build(plan))
          const again = decodeTree(backend())(encodeTree(tree))
          expect(plain(again)).toEqual(plain(tree))
          disposeState([tree, again])
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('what is no tensor comes back as well: numbers, words, yes and no, nothing', () => {
    const tree = { yes: true, no: false, word: 'a', none: null, absent: undefined, numbers: [0, -0, 1.5, NaN, Infinity, -Infinity] }
    expect(decodeTree(backend())(encodeTree(tree))).toEqual(tree)
  })

  test('a file whose tree is no JSON, or no tree, is refused by a typed error', () =>
    withoutLeaks(() => {
      const metadata = decodeFile('test', encodeTree({ value: 1 })).metadata
      for (const text of ['{', '3', '"tensor"', 'null', '{}', '{"list":[{"value":{}}]}', '{"tensor":"gone"}']) {
        const file = encodeFile({ tensors: new Map(), metadata: new Map([...metadata.keys()].map((name) => [name, text])) })
        expect(outcome(() => disposeState(decodeTree(backend())(file)))).toBe('InvalidArgument')
      }
    }))

  test('a fit goes on from a file as it would have, bit for bit', () =>
    withoutLeaks(() => {
      const target = data()
      const fitting = fit({ ...options(), target })
      const half = last(fitting, key(1), { steps: 3 })
      const whole = last(fitting, checkpointOf(half), { steps: 6 })
      const loaded = decodeCheckpoint<never, never>(backend())(encodeCheckpoint(half))
      const rest = last(fitting, loaded, { steps: 6 })
      expect(rest.history).toEqual(whole.history)
      expect(plain(checkpointOf(rest))).toEqual(plain(checkpointOf(whole)))
      disposeMeasure(target)
      ;[half, whole, loaded, rest].forEach(disposeState)
    }))

  test('a fit goes on from a file that was written before its first step', () =>
    withoutLeaks(() => {
      const target = data()
      const fitting = fit({ ...options(), target })
      const fresh = fitting.init(key(1))
      const loaded = decodeCheckpoint<never, never>(backend())(encodeCheckpoint(fresh))
      const [one, other] = [last(fitting, key(1), { steps: 2 }), last(fitting, loaded, { steps: 2 })]
      expect(plain(checkpointOf(other))).toEqual(plain(checkpointOf(one)))
      disposeMeasure(target)
      ;[fresh, loaded, one, other].forEach(disposeState)
    }))

  test('tensors are named in the file by where they stand, each name once', () =>
    withoutLeaks(() => {
      const leaf = (): Tensor => tensorFrom([1, 2], [2])
      const tree = backend().within(() => ({ layers: [{ weights: leaf() }, { bias: leaf() }], 'a.b': leaf(), a: { b: leaf() } }))
      const names = [...decodeFile('test', encodeTree(tree)).tensors.keys()]
      expect(names.toSorted()).toEqual(['a.b', 'a.b#2', 'layers.0.weights', 'layers.1.bias'])
      const single = backend().within(leaf)
      expect([...decodeFile('test', encodeTree(single)).tensors.keys()]).toEqual(['tensor'])
      disposeState([tree, single])
    }))

  test('a file with bytes to spare, or too few, is refused by how many', () => {
    const leaf = backend().within(() => tensorFrom([1, 2], [2]))
    const file = encodeTree(leaf)
    leaf.dispose()
    const longer = new Uint8Array(file.length + 3)
    longer.set(file)
    expect(() => decodeFile('test', longer)).toThrow(/: 3 bytes belong to no tensor/)
    expect(() => decodeFile('test', file.slice(0, -1))).toThrow(/beyond the end of the file/)
  })

  test('bytes that were changed make a checkpoint or a typed error, and leave nothing behind', () => {
    const target = data()
    const state = fit({ ...options(), target }).init(key(2))
    const file = encodeCheckpoint(state)
    disposeState(state)
    disposeMeasure(target)
    const change = fc.record({ at: fc.nat(file.length - 1), byte: fc.nat(255) })
    const changes = fc.array(change, { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(changes, fc.nat(file.length), fc.boolean(), (edits, length, cut) => {
        withoutLeaks(() => {
          const bytes = cut ? file.slice(0, length) : file.slice()
          for (const { at, byte } of edits) if (at < bytes.length) bytes[at] = byte
          expect(outcome(() => disposeState(decodeCheckpoint(backend())(bytes)))).toMatch(/^(fine|InvalidArgument)$/u)
        })
      }),
      { numRuns: runs(150) },
    )
  })

  test('a fit refuses a checkpoint of another', () =>
    withoutLeaks(() => {
      const target = data()
      const state = fit({ ...options(), target }).init(key(2))
      const [wider, plainer] = [
        fit({ ...options(), target, generator: multilayerPerceptron({ sizes: [2, 4, 2] })(backend()) }),
        fit({ ...options(), target, optimiser: sgd(1) }),
      ]
      expect(() => wider.init(state)).toThrow(expect.objectContaining({ tag: 'InvalidArgument', where: 'fit: params of the checkpoint' }))
      expect(() => plainer.init(state as never)).toThrow(expect.objectContaining({ where: 'fit: optimiser of the checkpoint' }))
      disposeState(state)
      disposeMeasure(target)
    }))

  test('a tree that is no checkpoint is refused', () =>
    withoutLeaks(() => {
      const leaf = backend().within(() => tensorFrom([1], [1]))
      const file = encodeTree({ params: leaf })
      expect(() => decodeCheckpoint(backend())(file)).toThrow(expect.objectContaining({ where: 'decodeCheckpoint' }))
      dispose(leaf)
    }))
})

describe('safetensors', () => {
  const values = Float32Array.of(1, 2, 3)
  const file = encodeFile({ tensors: new Map([['a.b', { type: 'F32', shape: [3], values }]]), metadata: new Map([['by', 'us']]) })

  test('has the layout that the format asks for', () => {
    const length = Number(new DataView(file.buffer).getBigUint64(0, true))
    expect(length % 8).toBe(0)
    expect(JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length)))).toEqual({
      __metadata__: { by: 'us' },
      'a.b': { dtype: 'F32', shape: [3], data_offsets: [0, 12] },
    })
    expect(new Float32Array(file.slice(8 + length).buffer)).toEqual(values)
    expect(decodeFile('test', file).tensors.get('a.b')).toEqual({ type: 'F32', shape: [3], values })
  })

  const withHeader = (header: unknown, numbers = 0): Uint8Array => {
    const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
    const bytes = new Uint8Array(8 + text.length + numbers)
    new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
    bytes.set(text, 8)
    return bytes
  }
  const entry = { dtype: 'F32', shape: [1], data_offsets: [0, 4] }

  test.each<readonly [string, Uint8Array]>([
    ['too short', new Uint8Array(7)],
    ['with a header longer than it', Uint8Array.of(9, 0, 0, 0, 0, 0, 0, 0, 123, 125)],
    ['whose header is no JSON', withHeader('{')],
    ['whose header is a list', withHeader([])],
    ['whose header is null', withHeader(null)],
    ['of another type of numbers', withHeader({ a: { ...entry, dtype: 'BF16' } }, 4)],
    ['with fewer bytes than the shape says', withHeader({ a: { ...entry, shape: [2] } }, 4)],
    ['with a negative length', withHeader({ a: { ...entry, shape: [-1] } }, 4)],
    ['with a gap', withHeader({ a: { ...entry, data_offsets: [4, 8] } }, 8)],
    ['with an overlap', withHeader({ a: entry, b: entry }, 4)],
    ['that ends too early', withHeader({ a: entry }, 3)],
    ['with bytes of no tensor', withHeader({ a: entry }, 5)],
    ['with metadata that are no text', withHeader({ __metadata__: { a: 1 } })],
  ])('a file %s is refused', (_, bytes) => {
    expect(() => decodeFile('test', bytes)).toThrow(expect.objectContaining({ tag: 'InvalidArgument', where: 'test' }))
  })
})
