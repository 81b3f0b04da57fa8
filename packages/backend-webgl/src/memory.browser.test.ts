import { dispose, memory } from '@tensorflow/tfjs-core'
import type { WebGLMemoryInfo } from '@tensorflow/tfjs-backend-webgl'
import type { Backend } from '@monge/backend'
import { expect, test } from 'vitest'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { onBackends } from '../../../tooling/testing/src/index.ts'

/** A step of a flow, as far as the backend sees it: a geometry, sweeps, a gradient, new points. */
const step = ({ vectors, geometry, within }: Backend, x: readonly (readonly number[])[]): void =>
  within(() => {
    const [from, to] = [tensorOf(x), tensorOf(x)]
    const made = geometry({ tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }, from, to)
    vectors.scope(() => {
      const q = vectors.fromArray(x.map(() => 0))
      const f = made.softmin(0.1, q)
      const p = vectors.linear([[10, f]])
      vectors.toTensor(made.planGradient(0.1, p, q, q, q, 1), [x.length, 2]).dispose()
      return undefined
    })
    made.dispose()
    dispose([from, to])
  })

onBackends(['webgl'])('the GPU', (backend) => {
  test('holds no more after many steps than after a few', () => {
    const bytes = (): readonly number[] => {
      const { numTensors, numBytesInGPU, numBytesInGPUAllocated } = memory() as WebGLMemoryInfo
      return [numTensors, numBytesInGPU, numBytesInGPUAllocated]
    }
    const x = cloud(1, 40, 2)
    for (let k = 0; k < 5; k += 1) step(backend(), x)
    const before = bytes()
    for (let k = 0; k < 400; k += 1) step(backend(), x)
    expect(bytes()).toEqual(before)
  })
})
