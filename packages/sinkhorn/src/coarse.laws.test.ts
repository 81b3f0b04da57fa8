import { untaped } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { pullback, squaredEuclidean } from '@monge/costs'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { dispose, memory } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { pairOfCells, solveCoarsely } from './coarse.js'
import { constantSchedule, sinkhornDivergence, solve, solveAsync } from './index.js'
import type { SolveOptions } from './index.js'
import { finish } from './joint.js'
import { settingsOf } from './options.js'

type Points = readonly (readonly number[])[]

/** Points in the unit cube, the same for the same seed. */
const points = (n: number, seed: number, dimension = 2): Points =>
  Array.from({ length: n }, (_, i) => [0.5698402909980532, 0.7548776662466927, 0.3].slice(0, dimension).map((step) => (seed + i * step) % 1))

const flat = (n: number): readonly number[] => Array.from({ length: n }, () => 1 / n)

const ramp = (n: number, power: number): readonly number[] => {
  const raw = Array.from({ length: n }, (_, i) => i ** power)
  const sum = raw.reduce((total, value) => total + value, 0)
  return raw.map((value) => value / sum)
}

interface Case {
  readonly x?: Points
  readonly y?: Points
  readonly a?: readonly number[]
  readonly b?: readonly number[]
  readonly options?: SolveOptions
}

const [n, m] = [260, 256]
const clustered = (cloud: Points): Points => cloud.map(([u, v], i) => [0.1 * u + (i % 3), 0.1 * v])

const cases: Readonly<Record<string, Case>> = {
  'between uniform clouds': {},
  'for another power of the distance': { options: { p: 1.5, blur: 0.15 } },
  'between points that coincide, some of no weight': {
    x: points(n, 0.1, 3).map((point) => point.map((coordinate) => Math.round(4 * coordinate) / 4)),
    y: points(m, 0.6, 3),
    a: ramp(n, 3),
    b: ramp(m, 0.5),
    options: { blur: 0.3 },
  },
  'between masses that differ': { a: flat(n).map((weight) => 3 * weight), options: { reach: 0.5 } },
  'between clusters': { x: clustered(points(n, 0.1)), y: clustered(points(m, 0.6)), options: { blur: 0.2 } },
  'with a point far away': { x: [[4, 0], ...points(n - 1, 0.1)] },
  'in a line': { x: points(n, 0.1, 1), y: points(m, 0.6, 1), options: { blur: 0.05 } },
  'by features': { options: { cost: pullback((x) => x)(squaredEuclidean), blur: 0.2 } },
}

eachBackend('a solve by way of cells', (backend) => {
  const goal = () => tolerance(backend(), { float64: 1e-8, float32: 3e-6 })
  const given = <A>({ x = points(n, 0.1), y = points(m, 0.6), a = flat(n), b = flat(m) }: Case, body: (mu: Measure, nu: Measure) => A): A => {
    const [mu, nu] = [measureOrThrow(fromArrays(x, a, backend())), measureOrThrow(fromArrays(y, b, backend()))]
    try {
      return body(mu, nu)
    } finally {
      ;[mu, nu].forEach(disposeMeasure)
    }
  }
  const solved = (options: SolveOptions, mu: Measure, nu: Measure, on: Backend = backend()) => {
    const { f, g, value, iterations, converged, marginalError } = solve({ blur: 0.1, tolerance: goal(), certificate: false, ...options })(on)(mu, nu)
    const found = { f: Array.from(f.dataSync()), g: Array.from(g.dataSync()), value, iterations, converged, marginalError }
    dispose([f, g])
    return found
  }

  describe.each(Object.entries(cases))('%s', (_, problem) => {
    test('finds what Anderson’s acceleration finds, in few sweeps', () => {
      given(problem, (mu, nu) => {
        const found = solved(problem.options ?? {}, mu, nu)
        const wanted = solved({ ...problem.options, scaling: 0.7 }, mu, nu)
        expect([found.converged, wanted.converged]).toEqual([true, true])
        expect(found.marginalError).toBeLessThanOrEqual(2 * goal())
        expect(found.iterations).toBeLessThanOrEqual(Math.min(20, wanted.iterations))
        const scale = Math.max(...wanted.f.map(Math.abs), ...wanted.g.map(Math.abs))
        const allowed = tolerance(backend(), { float64: 1e-6, float32: 3e-4 }) * scale
        expect(Math.abs(found.value - wanted.value)).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-8, float32: 1e-5 }) * scale)
        const [a, b] = [mu.weights.dataSync(), nu.weights.dataSync()]
        const shift = problem.options?.reach === undefined ? found.f[n - 1] - wanted.f[n - 1] : 0
        const worst = (values: readonly number[], others: readonly number[], weights: ArrayLike<number>, by: number): number =>
          Math.max(...values.map((value, i) => (weights[i] > 0 ? Math.abs(value - by - others[i]) : 0)))
        expect(worst(found.f, wanted.f, a, shift)).toBeLessThanOrEqual(allowed)
        expect(worst(found.g, wanted.g, b, -shift)).toBeLessThanOrEqual(allowed)
      })
    })
  })

  test('leaves no tensor behind, and does the same each time', () => {
    given({}, (mu, nu) => {
      const first = solved({}, mu, nu)
      withoutLeaks(() => {
        expect(solved({}, mu, nu)).toEqual(first)
      })
      withoutLeaks(() => sinkhornDivergence({ blur: 0.1, tolerance: 1e-3 })(backend())(mu, nu))
    })
  })

  test('counts and tells sweeps of points alone, and stops after as many as are allowed', () => {
    given({}, (mu, nu) => {
      const told: number[] = []
      const { iterations } = solved({ onProgress: ({ iteration }) => told.push(iteration) }, mu, nu)
      expect(told).toEqual(Array.from({ length: iterations }, (_, k) => k + 1))
      expect(solved({ maximumIterations: 2, tolerance: 1e-12 }, mu, nu)).toMatchObject({ iterations: 2, converged: false })
    })
  })

  /** The backend, telling how many points each geometry has that is asked for. */
  const watched = (tell: (rows: number) => void): Backend => ({
    ...backend(),
    geometry: (pairwise, x, y) => {
      tell(x.shape[0])
      return backend().geometry(pairwise, x, y)
    },
  })

  test('is aborted between cells, and leaves no tensor behind', async () => {
    const [mu, nu] = [points(n, 0.1), points(m, 0.6)].map((cloud) => measureOrThrow(fromArrays(cloud, undefined, backend())))
    const abortable = () => {
      const controller = new AbortController()
      const onProgress = () => expect.fail('no sweep of points was to be taken')
      const on = watched(() => controller.abort())
      return { on, options: { blur: 0.1, tolerance: 1e-3, signal: controller.signal, onProgress } }
    }
    const before = memory().numTensors
    const at = abortable()
    expect(() => solve(at.options)(at.on)(mu, nu)).toThrow(expect.objectContaining({ tag: 'Aborted' }))
    const later = abortable()
    await expect(solveAsync(later.options, 0)(later.on)(mu, nu)).rejects.toMatchObject({ tag: 'Aborted' })
    expect(memory().numTensors).toBe(before)
    ;[mu, nu].forEach(disposeMeasure)
  })

  test('is not what was asked for by who says how to solve, or from where', () => {
    given({}, (mu, nu) => {
      const rowsFor = (options: SolveOptions): readonly number[] => {
        const rows: number[] = []
        solved({ tolerance: 1e-3, ...options }, mu, nu, watched((count) => rows.push(count)))
        return rows
      }
      expect(rowsFor({}).filter((count) => count < n / 4).length).toBe(1)
      const asked: readonly SolveOptions[] = [
        { scaling: 0.5 },
        { schedule: constantSchedule(3) },
        { acceleration: { kind: 'anderson', memory: 5 } },
      ]
      for (const options of asked) expect(rowsFor(options)).toEqual([n])
      const { f, g } = solve({ blur: 0.1, tolerance: goal(), certificate: false })(backend())(mu, nu)
      expect(rowsFor({ start: { f, g } })).toEqual([n])
      dispose([f, g])
    })
  })

  test('does without cells where their potentials are no numbers', () => {
    given({}, (mu, nu) => {
      const settings = settingsOf('test', { blur: 0.1, tolerance: 1e-3 })
      const cells = pairOfCells(settings, mu, nu)
      if (cells === undefined) throw new Error('there are cells')
      const broken = { ...backend(), vectors: { ...backend().vectors, toArray: () => Float64Array.of(NaN) } }
      const before = memory().numTensors
      const coarse = backend().within(() => untaped(() => finish(solveCoarsely(broken, settings, mu, nu, cells))))
      expect(coarse).toBeUndefined()
      expect(memory().numTensors).toBe(before)
    })
  })
})
