import { findBackend } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { isMongeError } from '@monge/errors'
import { tensorFrom } from '@monge/backend'
import type { Backend, Geometry } from '@monge/backend'
import { expect, test } from 'vitest'
import { webglBackend } from './index.js'

const geometryOn = <V>(backend: Backend<V>): Geometry<V> =>
  backend.within(() => {
    const points: Tensor2D = tensorFrom([0, 3], [2, 1])
    const power = { tag: 'power', scale: 1, shift: 0, exponent: 1 } as const
    return backend.geometry({ tag: 'radial', profile: power }, points, points)
  })

const tagOf = (body: () => unknown): unknown => {
  try {
    return body()
  } catch (error) {
    return isMongeError(error) ? error.tag : error
  }
}

test('says so when the context is lost, and starts afresh', async () => {
  const backend = await webglBackend()
  const { vectors } = backend
  const geometry = geometryOn(backend)
  const zeros = vectors.fromArray([0, 0])
  expect(Array.from(vectors.toArray(geometry.minimum(zeros)))).toEqual([0, 0])
  const { gl } = (findBackend('webgl') as MathBackendWebGL).getGPGPUContext()
  const lost = new Promise((resolve) => gl.canvas.addEventListener('webglcontextlost', resolve))
  gl.getExtension('WEBGL_lose_context')?.loseContext()
  for (const body of [
    () => geometry.minimum(zeros),
    () => geometry.entries(0, 1),
    () => vectors.fromArray([1]),
    () => vectors.toArray(zeros),
    () => vectors.multiply(zeros, zeros),
    () => geometryOn(backend),
  ])
    expect(tagOf(body)).toBe('BackendFailure')
  await lost
  const next = await webglBackend()
  const again = geometryOn(next)
  expect(Array.from(next.vectors.toArray(again.minimum(next.vectors.fromArray([0, 1]))))).toEqual([0, -1])
  expect(tagOf(() => geometry.minimum(zeros))).toBe('BackendFailure')
  again.dispose()
})
