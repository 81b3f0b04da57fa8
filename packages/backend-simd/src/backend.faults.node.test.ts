import { Worker } from 'node:worker_threads'
import { isMongeError } from '@monge/errors'
import { dispose, memory } from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { simdBackend } from './index.ts'
import type { SimdBackend } from './index.ts'

const half = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } } as const

/** Enough rows and columns for several chunks, so that all threads have work. */
const softmin = (backend: SimdBackend, n = 900, m = n): Float64Array =>
  backend.within(() => {
    const [x, y] = [tensorOf(cloud(1, n, 2)), tensorOf(cloud(2, m, 2))]
    const geometry = backend.geometry(half, x, y)
    try {
      return geometry.softmin(0.1, new Float64Array(m).fill(-6))
    } finally {
      geometry.dispose()
      dispose([x, y])
    }
  })

const faultOf = (body: () => unknown): string => {
  try {
    body()
    return 'none'
  } catch (error) {
    return isMongeError(error) ? `${error.tag} at ${error.where}` : `untyped ${String(error)}`
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

describe('a worker that is killed', () => {
  // A worker is unreferenced right after it is made, and that is where it is caught.
  const { unref } = Worker.prototype
  afterEach(() => {
    Worker.prototype.unref = unref
  })

  test('makes one call throw a typed error; the next ones are right, and no worker is left', async () => {
    const expected = softmin(await simdBackend({ threads: 1 }))
    const workers: Worker[] = []
    Worker.prototype.unref = function (this: Worker): void {
      workers.push(this)
      unref.call(this)
    }
    const backend = await simdBackend({ threads: 3 })
    const before = memory().numTensors
    expect(softmin(backend)).toEqual(expected)
    expect(workers).toHaveLength(2)
    const ends = workers.map((worker) => new Promise((resolve) => worker.once('exit', resolve)))
    await workers[0]?.terminate()
    await pause(20)
    expect(faultOf(() => softmin(backend))).toBe('BackendFailure at simdBackend')
    expect(softmin(backend)).toEqual(expected)
    expect(softmin(backend)).toEqual(expected)
    expect(memory().numTensors).toBe(before)
    // The other one was sent home, and none came instead.
    await Promise.all(ends)
    expect(workers).toHaveLength(2)
  })

  test('does not concern another backend', async () => {
    const workers: Worker[] = []
    Worker.prototype.unref = function (this: Worker): void {
      workers.push(this)
      unref.call(this)
    }
    const [one, other] = [await simdBackend({ threads: 2 }), await simdBackend({ threads: 2 })]
    const expected = softmin(one)
    expect(softmin(other)).toEqual(expected)
    await workers[0]?.terminate()
    await pause(20)
    expect(softmin(other)).toEqual(expected)
    expect(faultOf(() => softmin(one))).toBe('BackendFailure at simdBackend')
    expect(softmin(one)).toEqual(expected)
  })
})

describe('WebAssembly memory that cannot grow', () => {
  const { grow } = WebAssembly.Memory.prototype
  afterEach(() => {
    WebAssembly.Memory.prototype.grow = grow
  })

  test('makes a call throw a typed error; the next one, with memory, is right; what was computed before stays', async () => {
    const long = [100_000, 3] as const
    const expected = softmin(await simdBackend({ threads: 1 }), ...long)
    // So many points, against few others, that they need more memory than there is at first.
    const backend = await simdBackend({ threads: 1 })
    const small = softmin(backend, 50)
    const before = memory().numTensors
    WebAssembly.Memory.prototype.grow = () => {
      throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
    }
    expect(faultOf(() => softmin(backend, ...long))).toBe('BackendFailure at simdBackend')
    expect(memory().numTensors).toBe(before)
    // What fits is still computed.
    expect(softmin(backend, 50)).toEqual(small)
    WebAssembly.Memory.prototype.grow = grow
    const again = softmin(backend, ...long)
    expect(again.every((value, index) => value === expected[index])).toBe(true)
  })

  test('at any time of a call makes it throw a typed error or be right, and nothing of it is left to the next', async () => {
    const long = [60_000, 60] as const
    const { expected, most } = await (async () => {
      const backend = await simdBackend({ threads: 1 })
      let grown = 0
      WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
        grown += 1
        return grow.call(this, pages)
      }
      return { expected: softmin(backend, ...long), most: grown }
    })()
    const outcomes: string[] = []
    for (let times = 0; times < most; times++) {
      WebAssembly.Memory.prototype.grow = grow
      const backend = await simdBackend({ threads: 1 })
      let asked = 0
      WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
        asked += 1
        if (asked > times) throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
        return grow.call(this, pages)
      }
      outcomes.push(faultOf(() => expect(softmin(backend, ...long)).toEqual(expected)))
      WebAssembly.Memory.prototype.grow = grow
      expect(softmin(backend, ...long)).toEqual(expected)
    }
    expect(most).toBeGreaterThan(1)
    expect(outcomes.filter((outcome) => outcome !== 'BackendFailure at simdBackend' && outcome !== 'none')).toEqual([])
  })

  test('is not needed by the ten-thousandth call more than by the first', async () => {
    const backend = await simdBackend({ threads: 1 })
    softmin(backend, 40)
    let grown = 0
    WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
      grown += 1
      return grow.call(this, pages)
    }
    const before = memory().numTensors
    const first = softmin(backend, 40)
    for (let call = 0; call < 10_000; call++) softmin(backend, 1 + (call % 40))
    expect(softmin(backend, 40)).toEqual(first)
    expect([grown, memory().numTensors]).toEqual([0, before])
  })
})
