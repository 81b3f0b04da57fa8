import { findBackend, memory } from '@tensorflow/tfjs-core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { describe, expect, test } from 'vitest'
import { backends, errors, flows, generators, langevin, losses, measures, random, sinkhorn } from './index.js'

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

describe('a WebGL context that is lost in the midst', () => {
  type Backend = Awaited<ReturnType<typeof backends.webgl>>
  /** The values of three states, or the error; `onState` is called with each. */
  type Run = (backend: Backend, mu: measures.Measure, nu: measures.Measure, onState: () => void) => readonly number[]
  const loss = (backend: Backend) => sinkhorn.sinkhornDivergence({ blur: 0.5 })(backend)
  test.each<readonly [string, 'BackendFailure' | 'right', Run]>([
    [
      'of a flow',
      'BackendFailure',
      (backend, mu, nu, onProgress) =>
        Array.from(flows.run(flows.gradientFlow(loss(backend), { step: 0.1 }), mu, nu, { steps: 2, onProgress }), ({ value }) => value),
    ],
    [
      'of a fit',
      'BackendFailure',
      (backend, _mu, nu, onProgress) => {
        const generator = generators.gaussian(2)(backend)
        const fit = generators.fit({ generator, loss: loss(backend), optimiser: generators.adam(0.01), target: nu, batch: 4 })
        return Array.from(generators.run(fit, random.key(1), { steps: 2, onProgress }), ({ value }) => value)
      },
    ],
    [
      // They move on the host.
      'of chains',
      'right',
      (backend, mu, _nu, onProgress) => {
        const potential = langevin.gaussian({ mean: [0, 0], covariance: [1, 1] })(backend)
        const sampler = langevin.mala(potential, { step: 0.1 })
        return Array.from(langevin.run(sampler, random.key(1), mu, { steps: 3, onProgress }), ({ state }) => state.measure.points.dataSync()[0] ?? NaN)
      },
    ],
  ])('%s ends in a typed error or is right: %s; one on a new backend is right', async (_, end, run) => {
    const on = async (onState: () => void): Promise<readonly number[] | string> => {
      const backend = await backends.webgl()
      const [mu, nu] = [[[0, 1], [1, 2]], [[3, 1], [2, 0], [2, 2]]].map((points) =>
        measures.measureOrThrow(measures.fromArrays(points, undefined, backend)),
      ) as [measures.Measure, measures.Measure]
      try {
        return run(backend, mu, nu, onState)
      } catch (error) {
        return errors.isMongeError(error) ? error.tag : String(error)
      } finally {
        measures.disposeMeasure(mu)
        measures.disposeMeasure(nu)
      }
    }
    const nothing = (): void => undefined
    const expected = await on(nothing)
    expect(expected).toHaveLength(3)
    const { gl } = (findBackend('webgl') as MathBackendWebGL).getGPGPUContext()
    const lost = new Promise((resolve) => gl.canvas.addEventListener('webglcontextlost', resolve))
    let states = 0
    const fault = await on(() => {
      if (++states === 2) gl.getExtension('WEBGL_lose_context')?.loseContext()
    })
    expect(fault).toEqual(end === 'right' ? expected : end)
    await lost
    expect(await on(nothing)).toEqual(expected)
  })
})
