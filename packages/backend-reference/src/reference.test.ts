import '@tensorflow/tfjs-backend-cpu'
import { add, getBackend, setBackend, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { expect, test, vi } from 'vitest'
import { referenceBackend } from './reference.ts'

test('the second call gives the same backend, in silence', async () => {
  const first = await referenceBackend()
  const warn = vi.spyOn(console, 'warn')
  expect(await referenceBackend()).toBe(first)
  expect(warn).not.toHaveBeenCalled()
  warn.mockRestore()
  expect(first.name).toBe('monge-float64')
  expect(first.precision).toBe('float64')
})

test('within runs there and comes back, even from an error', async () => {
  const backend = await referenceBackend()
  await setBackend('cpu')
  const values = backend.within(() => {
    const result = tidy(() => add(tensor1d([1]), 2))
    const data = result.dataSync()
    result.dispose()
    return data
  })
  expect(values).toEqual(Float64Array.of(3))
  expect(getBackend()).toBe('cpu')
  expect(() =>
    backend.within(() => {
      throw new Error('from inside')
    }),
  ).toThrow('from inside')
  expect(getBackend()).toBe('cpu')
})
