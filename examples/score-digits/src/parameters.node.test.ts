import '@tensorflow/tfjs-backend-wasm'
import { portableBackend } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { disposeParams, flattenParams, mapParams } from '@monge/generators'
import { learnedScore } from '@monge/langevin'
import { key, normal } from '@monge/random'
import { memory, tensor } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { modelOf } from './model.js'
import { pack, unpack } from './parameters.js'

describe('a score in few bytes', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await portableBackend('wasm')
  })

  /** Parameters with something in every tensor: those of a fresh model end in zeros. */
  const some = () => {
    const fresh = modelOf(8)(backend).init(key(1))
    const params = mapParams((leaf) => tensor(Float32Array.from(normal(leaf.size)(key(leaf.size))), leaf.shape))(fresh)
    disposeParams(fresh)
    return params
  }

  test('is nearly the score, in a byte a number and little more', () => {
    const params = some()
    const bytes = pack(8, params)
    const numbers = flattenParams(params).reduce((sum, [, leaf]) => sum + leaf.size, 0)
    expect(bytes.length).toBeLessThan(1.7 * numbers)
    const at = tensor(Float32Array.from(normal(784)(key(2))), [1, 784]) as Tensor2D
    const { score, dispose } = unpack(bytes)(backend)
    const [one, other] = [score, learnedScore(modelOf(8)(backend))(params)].map(({ at: of }) => of(at, 0.5).dataSync())
    const length = Math.hypot(...(other ?? []))
    expect(length).toBeGreaterThan(1)
    expect(Math.hypot(...Array.from(one ?? [], (value, i) => value - (other?.[i] ?? 0)))).toBeLessThan(0.05 * length)
    dispose()
    disposeParams(params)
  })

  test('leaves no tensor behind, and comes as base64 too', () => {
    const params = some()
    const bytes = pack(8, params)
    disposeParams(params)
    const before = memory().numTensors
    unpack(bytes)(backend).dispose()
    unpack(Buffer.from(bytes).toString('base64'))(backend).dispose()
    expect(memory().numTensors).toBe(before)
  })

  test.each([-1, 1])('of another length is refused', (more) => {
    const params = some()
    const bytes = pack(8, params)
    disposeParams(params)
    const wrong = new Uint8Array(bytes.length + more)
    wrong.set(bytes.subarray(0, wrong.length))
    const before = memory().numTensors
    expect(() => unpack(wrong)(backend)).toThrow(/^unpack: \d+ bytes are no score/)
    expect(memory().numTensors).toBe(before)
  })
})
