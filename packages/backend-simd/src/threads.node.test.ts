import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { dispose } from '@tensorflow/tfjs-core'
import { cloud } from '../../../tooling/testing/src/geometry-cases.ts'
import { tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { simdBackend } from './index.ts'

const half = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } } as const

/** Everything that is computed in chunks, on a problem of many chunks. */
const results = async (precision: 'float32' | 'float64', threads: number): Promise<readonly Float64Array[]> => {
  const backend = await simdBackend({ precision, threads })
  return backend.within(() => {
    const [x, y] = [tensorOf(cloud(1, 701, 2)), tensorOf(cloud(2, 1303, 2))]
    const geometry = backend.geometry(half, x, y)
    const [p, q] = [701, 1303].map((n) => Float64Array.from({ length: n }, (_, i) => Math.cos(i) - 6))
    // At the largest epsilons by an expansion.
    const sweeps = [2, 1, 0.1, 0.1, 0.1, 0.1, 0.1].map((epsilon) => {
      const { f, g } = geometry.softmins?.(epsilon, p, q) ?? { f: p, g: q }
      return [f, g, geometry.softmin(epsilon, q), geometry.transpose().softmin(epsilon, p)]
    })
    const angles = Array.from({ length: 37 }, (_, l) => [Math.cos(l), Math.sin(l)])
    const sliced = backend.slices?.({
      x: Float64Array.from(cloud(1, 701, 2).flat()),
      y: Float64Array.from(cloud(2, 1303, 2).flat()),
      a: new Float64Array(701).fill(1 / 701),
      b: new Float64Array(1303).fill(1 / 1303),
      dimension: 2,
      directions: Float64Array.from(angles.flat()),
      p: 1.5,
      exact: precision === 'float64',
      gradient: true,
    })
    const marginal = (n: number) => ({
      weights: new Float64Array(n).fill(1 / n),
      logWeights: new Float64Array(n),
      shift: Math.log(n),
    })
    const swept = geometry.sweep?.(0.1, marginal(701), marginal(1303), q)
    const made = [
      ...(swept ? [swept.f, swept.g, Float64Array.of(swept.excess)] : []),
      ...sweeps.flat(),
      ...(sliced?.slopes ? [sliced.values, sliced.slopes.x, sliced.slopes.y, sliced.slopes.a, sliced.slopes.b] : []),
      geometry.minimum(q),
      geometry.planSum(0.1, p, q, q, 1),
      geometry.planGradient(0.1, p, q, p, q, 1),
      geometry.sum(q, 1),
    ]
    geometry.dispose()
    dispose([x, y])
    return made
  })
}

eachBackend('threads', (backend) => {
  test('change no bit of a result', async () => {
    const { precision } = backend()
    const alone = await results(precision, 1)
    for (const threads of [2, 3]) expect(await results(precision, threads)).toEqual(alone)
  })
})

describe('a process that used threads', () => {
  test('ends by itself', () => {
    const program = `
      import { simdBackend } from ${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)}
      import { tensor2d } from '@tensorflow/tfjs-core'
      const backend = await simdBackend({ threads: 3 })
      const points = tensor2d(Array.from({ length: 2000 }, (_, i) => [Math.cos(i), Math.sin(i)]))
      const geometry = backend.geometry(${JSON.stringify(half)}, points, points)
      const q = backend.vectors.fromArray(new Float64Array(2000))
      for (let k = 0; k < 20; k++) geometry.softmin(0.1 + k, q)
      console.log('done')
    `
    const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
      cwd: new URL('..', import.meta.url),
      encoding: 'utf8',
      timeout: 50_000,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    expect(printed.trim()).toBe('done')
  })
})
