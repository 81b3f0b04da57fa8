import { describe, expect, test } from 'vitest'
import { isMongeError } from '@monge/errors'
import { engine, getBackend, memory } from '@tensorflow/tfjs-core'
import { simdAvailable, simdBackend } from './index.ts'
import type { SimdOptions } from './index.ts'
import { kernelBytes } from './module.ts'

const faultOf = (options: object): Promise<unknown> =>
  simdBackend(options as SimdOptions).then(
    () => 'none',
    (error: unknown) => (isMongeError(error) ? `${error.tag} ${error.message}` : error),
  )

describe('the backend', () => {
  test('refuses float64 until the tfjs backend for it is registered, and says who does it', async () => {
    // Other suites may have registered it.
    const { registryFactory } = engine()
    engine().registryFactory = Object.fromEntries(Object.entries(registryFactory).filter(([name]) => name !== 'monge-float64'))
    try {
      expect(await faultOf({ precision: 'float64' })).toMatch(/BackendUnavailable.*@monge\/backend-reference/)
    } finally {
      engine().registryFactory = registryFactory
    }
  })

  test.each([
    [{ precision: 'float16' }, /InvalidOption.*precision.*float16/],
    [{ memoryBudget: -1 }, /InvalidOption.*memoryBudget.*-1/],
    [{ memory: 1 }, /InvalidOption.*unknown option "memory"/],
  ])('refuses %o', async (options, message) => {
    expect(await faultOf(options)).toMatch(message)
  })

  test('leaves tfjs on the backend it was on, and no tensor', async () => {
    await simdBackend()
    const before = getBackend()
    const tensors = memory().numTensors
    const backend = await simdBackend({ memoryBudget: 1e6 })
    expect(getBackend()).toBe(before)
    expect(memory().numTensors).toBe(tensors)
    expect([backend.name, backend.precision]).toEqual(['cpu', 'float32'])
  })

  test('finds SIMD here', () => {
    expect(simdAvailable()).toBe(true)
  })

  test('has kernels for a memory of their own and for a shared one', () => {
    const [own, shared] = [kernelBytes(false), kernelBytes(true)]
    expect(Array.from(shared.filter((byte, k) => byte !== own[k]))).toEqual([3])
    expect([own, shared].map((bytes) => WebAssembly.validate(bytes))).toEqual([true, true])
  })
})
