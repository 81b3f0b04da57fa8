import { findBackend, memory } from '@tensorflow/tfjs-core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { expect, test } from 'vitest'
import { backends, errors, losses, measures, sinkhorn } from './index.js'

test('a solve in whose midst the WebGL context is lost says so, and one on a new backend is right', async () => {
  const rows = (n: number): number[][] => Array.from({ length: n }, (_, i) => [Math.sin(i), Math.cos(i * i)])
  type Body<A> = (backend: Awaited<ReturnType<typeof backends.webgl>>, mu: measures.Measure, nu: measures.Measure) => A | Promise<A>
  const on = async <A>(body: Body<A>): Promise<A> => {
    const backend = await backends.webgl()
    const [mu, nu] = [rows(30), rows(41)].map((points) =>
      measures.measureOrThrow(measures.fromArrays(points, undefined, backend)),
    ) as [measures.Measure, measures.Measure]
    return body(backend, mu, nu)
  }
  const value = () =>
    on((backend, mu, nu) => {
      const found = losses.toNumber(sinkhorn.sinkhornDivergence({ blur: 0.2 })(backend))(mu, nu)
      measures.disposeMeasure(mu)
      measures.disposeMeasure(nu)
      return found
    })
  const expected = await value()
  expect(expected).toBeGreaterThan(0)
  const { gl } = (findBackend('webgl') as MathBackendWebGL).getGPGPUContext()
  const lost = new Promise((resolve) => gl.canvas.addEventListener('webglcontextlost', resolve))
  const [fault, left] = await on(async (backend, mu, nu): Promise<readonly [string, number]> => {
    const onProgress = ({ iteration }: { readonly iteration: number }): void => {
      if (iteration === 3) gl.getExtension('WEBGL_lose_context')?.loseContext()
    }
    const before = memory().numTensors
    try {
      await sinkhorn.solveAsync({ blur: 0.05, tolerance: 1e-30, maximumIterations: 1000, onProgress }, 0)(backend)(mu, nu)
      return ['none', NaN]
    } catch (error) {
      return [errors.isMongeError(error) ? error.tag : String(error), memory().numTensors - before]
    }
  })
  expect(fault).toBe('BackendFailure')
  expect(left, 'tensors left behind').toBeLessThanOrEqual(0)
  await lost
  expect(await value()).toBe(expected)
})
