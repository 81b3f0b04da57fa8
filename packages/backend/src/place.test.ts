import { engine, getBackend, registerBackend, removeBackend } from '@tensorflow/tfjs-core'
import type { KernelBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { tfjsPlace } from './index.js'

/** What tfjs asks of a backend that computes nothing. */
const idle = (): KernelBackend => ({ dispose: () => {} }) as unknown as KernelBackend

eachBackend('a place', (backend) => {
  const other = tfjsPlace('idle', 'float32')
  const withIdle = (instance: KernelBackend, body: () => void): void => {
    registerBackend('idle', () => instance)
    try {
      body()
    } finally {
      removeBackend('idle')
    }
  }
  const inForce = () => [getBackend(), engine().backend] as const

  test('is where a computation runs, as often as one likes, and tfjs is then where it was', () => {
    const instance = idle()
    withIdle(instance, () => {
      const before = inForce()
      for (const _ of [1, 2, 3]) {
        expect(other.within(inForce)).toEqual(['idle', instance])
        expect(inForce()).toEqual(before)
      }
      expect(before[0]).toBe(backend().name)
    })
  })

  test('is left when the computation fails', () => {
    withIdle(idle(), () => {
      expect(() =>
        other.within(() => {
          throw new Error('no')
        }),
      ).toThrow('no')
      expect(getBackend()).toBe(backend().name)
    })
  })

  test('holds one in another', () => {
    withIdle(idle(), () => {
      const names = other.within(() => [getBackend(), backend().within(() => getBackend()), getBackend()])
      expect(names).toEqual(['idle', backend().name, 'idle'])
      expect(backend().within(() => other.within(() => getBackend()))).toBe('idle')
    })
  })

  test('is the backend of its name as it is now, where that was registered anew', () => {
    const [first, second] = [idle(), idle()]
    withIdle(first, () => expect(other.within(() => engine().backend)).toBe(first))
    withIdle(second, () => expect(other.within(() => engine().backend)).toBe(second))
    expect(getBackend()).toBe(backend().name)
  })
})
