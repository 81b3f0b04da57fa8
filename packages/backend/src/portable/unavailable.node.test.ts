import { MathBackendCPU } from '@tensorflow/tfjs-backend-cpu'
import { copyRegisteredKernels, registerBackend, removeBackend } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { portableBackend } from './portable-backend.js'

// Dekker's splitting: the first 11 bits of a number.
const halved = (value: number): number => {
  const scaled = value * (2 ** 42 + 1)
  return Math.abs(value) < 2 ** -24 ? 0 : scaled - (scaled - value)
}

test('a device that computes in 16 bits is refused', async () => {
  registerBackend('half', () => {
    const backend = new MathBackendCPU()
    const read = backend.readSync.bind(backend)
    return Object.assign(backend, {
      readSync: (dataId: object) => Float32Array.from(read(dataId) as Float32Array, halved),
    })
  })
  copyRegisteredKernels('cpu', 'half')
  await expect(portableBackend('half')).rejects.toMatchObject({
    tag: 'BackendUnavailable',
    message: 'portableBackend: "half": this device computes in 16-bit numbers; 32 are needed',
  })
  removeBackend('half')
})

test('a device that does not start is unavailable, and nothing is the worse for it', async () => {
  registerBackend('broken', () => {
    throw new Error('no such device')
  })
  await expect(portableBackend('broken')).rejects.toMatchObject({ tag: 'BackendUnavailable' })
  removeBackend('broken')
  const cpu = await portableBackend('cpu')
  expect(Array.from(cpu.vectors.toArray(cpu.vectors.fromArray([1, 2])))).toEqual([1, 2])
})
