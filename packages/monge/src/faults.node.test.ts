import { Worker } from 'node:worker_threads'
import { dispose, memory } from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import { backends, errors, flows, generators, kernels, losses, measures, random, sinkhorn, sliced } from './index.js'

/*
 * What goes wrong under whole solves on the default engine: they answer with a typed error or with the right numbers,
 * leave no tensor behind, and the next one is as good as the first.
 */

type Backend = Awaited<ReturnType<typeof backends.simd>>

/** `n` points in dimension `d`. */
type Size = readonly [n: number, d: number]

const cloudOf = (backend: Backend, seed: number, [n, d]: Size): measures.Measure => {
  const draws = random.normal(d * n)(random.key(seed))
  const rows = Array.from({ length: n }, (_, i) => Array.from(draws.subarray(d * i, d * (i + 1))))
  return measures.measureOrThrow(measures.fromArrays(rows, undefined, backend))
}

const faultOf = (error: unknown): string => (errors.isMongeError(error) ? `${error.tag} at ${error.where}` : `untyped ${String(error)}`)

/** Runs the body with two clouds, and asks that it leave no tensor behind. */
const between = async (backend: Backend, [n, d]: Size, body: (mu: measures.Measure, nu: measures.Measure) => unknown): Promise<void> => {
  const [mu, nu] = [cloudOf(backend, 1, [n, d]), cloudOf(backend, 2, [n + 17, d])]
  const tensors = memory().numTensors
  try {
    await body(mu, nu)
    expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
  } finally {
    measures.disposeMeasure(mu)
    measures.disposeMeasure(nu)
  }
}

const read = ({ f, g, iterations }: sinkhorn.Solution) => {
  const found = { f: Array.from(f.dataSync()), g: Array.from(g.dataSync()), iterations }
  dispose([f, g])
  return found
}

const options = { p: 2, blur: 0.1, tolerance: 1e-3 } as const

describe('a worker that is killed in the midst of a solve', () => {
  // A worker is unreferenced right after it is made, and that is where it is caught.
  const { unref } = Worker.prototype
  afterEach(() => {
    Worker.prototype.unref = unref
  })

  test.each([1, 3])('after sweep %d makes it throw a typed error; others are right, then and later', async (sweep) => {
    const workers: Worker[] = []
    Worker.prototype.unref = function (this: Worker): void {
      workers.push(this)
      unref.call(this)
    }
    const [backend, other] = [await backends.simd({ threads: 2 }), await backends.simd({ threads: 1 })]
    await between(backend, [500, 2], async (mu, nu) => {
      const expected = read(sinkhorn.solve(options)(backend)(mu, nu))
      expect(workers).toHaveLength(1)
      let end: Promise<unknown> = Promise.resolve()
      const onProgress = ({ iteration }: { readonly iteration: number }): void => {
        if (iteration === sweep) end = workers[0]?.terminate() ?? end
      }
      // It would never end by itself.
      const endless = { ...options, tolerance: 1e-30, maximumIterations: 1e9, onProgress }
      const [killed, beside] = await Promise.allSettled([
        sinkhorn.solveAsync(endless, 0)(backend)(mu, nu),
        sinkhorn.solveAsync(options, 0)(other)(mu, nu),
      ])
      await end
      expect(killed.status === 'rejected' ? faultOf(killed.reason) : killed.status).toBe('BackendFailure at simdBackend')
      expect(beside.status === 'fulfilled' && read(beside.value)).toEqual(expected)
      expect(read(sinkhorn.solve(options)(backend)(mu, nu))).toEqual(expected)
      expect(workers).toHaveLength(1)
    })
  })
})

describe('a worker that is killed in the midst of a run', () => {
  const { unref } = Worker.prototype
  afterEach(() => {
    Worker.prototype.unref = unref
  })

  const loss = (backend: Backend) => sinkhorn.sinkhornDivergence({ blur: 0.3 })(backend)
  /** The values of its states, until the run is stopped; `onProgress` sees every one. */
  type Run = (backend: Backend, mu: measures.Measure, nu: measures.Measure, steps: number, onProgress: () => void) => Promise<readonly number[]>
  test.each<readonly [string, Run]>([
    [
      'a flow',
      async (backend, mu, nu, steps, onProgress) => {
        const values: number[] = []
        const flow = flows.gradientFlow(loss(backend), { step: 0.1 })
        for await (const { value } of flows.runAsync(flow, mu, nu, { steps, onProgress }, 0)) values.push(value)
        return values
      },
    ],
    [
      'a fit',
      async (backend, _mu, nu, steps, onProgress) => {
        const values: number[] = []
        const generator = generators.gaussian(2)(backend)
        const fit = generators.fit({ generator, loss: loss(backend), optimiser: generators.adam(0.01), target: nu, batch: 500 })
        for await (const { value } of generators.runAsync(fit, random.key(1), { steps, onProgress }, 0)) values.push(value)
        return values
      },
    ],
  ])('makes %s throw a typed error; the next is right', async (_, run) => {
    const workers: Worker[] = []
    Worker.prototype.unref = function (this: Worker): void {
      workers.push(this)
      unref.call(this)
    }
    const backend = await backends.simd({ threads: 2 })
    await between(backend, [500, 2], async (mu, nu) => {
      const nothing = (): void => undefined
      const expected = await run(backend, mu, nu, 3, nothing)
      expect(expected).toHaveLength(4)
      expect(workers.length).toBeGreaterThan(0)
      let states = 0
      let end: Promise<unknown> = Promise.resolve()
      const kill = (): void => {
        if (++states === 2) end = Promise.all(workers.map((worker) => worker.terminate()))
      }
      // Ended by the fault, long before so many.
      const killed = await run(backend, mu, nu, 500, kill).then(() => 'none', faultOf)
      await end
      expect(killed).toBe('BackendFailure at simdBackend')
      expect(await run(backend, mu, nu, 3, nothing)).toEqual(expected)
    })
  })
})

test('solves at the same time on one backend of several threads are as they are alone', async () => {
  const backend = await backends.simd({ threads: 2 })
  await between(backend, [400, 2], async (mu, nu) => {
    const problems = [[mu, nu], [nu, mu], [mu, mu], [nu, nu]] as const
    const alone = problems.map(([from, to]) => read(sinkhorn.solve(options)(backend)(from, to)))
    const together = await Promise.all(problems.map(([from, to]) => sinkhorn.solveAsync(options, 0)(backend)(from, to)))
    expect(together.map(read)).toEqual(alone)
  })
})

describe('WebAssembly memory that is exhausted', () => {
  const { grow } = WebAssembly.Memory.prototype
  afterEach(() => {
    WebAssembly.Memory.prototype.grow = grow
  })

  /** From here on memory grows so many times, and no more; says how often it was asked to. */
  const growing = (times: number): (() => number) => {
    let asked = 0
    WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory, pages: number): number {
      asked += 1
      if (asked > times) throw new RangeError('WebAssembly.Memory.grow(): Maximum memory size exceeded')
      return grow.call(this, pages)
    }
    return () => asked
  }

  const numbersOf = (loss: losses.Loss) => (mu: measures.Measure, nu: measures.Measure): readonly number[] => {
    const { value, mu: one, nu: two } = losses.valueAndGradient(loss)(mu, nu)
    const tensors = [value, one.points, one.weights, two.points, two.weights]
    const found = tensors.flatMap((tensor) => Array.from(tensor.dataSync()))
    dispose(tensors)
    return found
  }

  type Numbers = (backend: Backend) => (mu: measures.Measure, nu: measures.Measure) => readonly number[]
  test.each<readonly [string, Size, Numbers]>([
    ['a solve', [500, 2], (backend) => (mu, nu) => read(sinkhorn.solve(options)(backend)(mu, nu)).f],
    ['a divergence and its gradient', [500, 2], (backend) => numbersOf(sinkhorn.sinkhornDivergence({ blur: 0.1, tolerance: 1e-3 })(backend))],
    ['a kernel norm and its gradient', [300, 400], (backend) => numbersOf(kernels.kernelNorm(kernels.gaussian(20))(backend))],
    [
      'steps of a flow',
      [500, 2],
      (backend) => (mu, nu) => {
        const flow = flows.gradientFlow(sinkhorn.sinkhornDivergence({ blur: 0.1, tolerance: 1e-3 })(backend), { step: 0.1 })
        return Array.from(flows.run(flow, mu, nu, { steps: 2 }), ({ value }) => value)
      },
    ],
    [
      'steps of a fit',
      [500, 2],
      (backend) => (_, nu) => {
        const [generator, loss] = [generators.gaussian(2)(backend), sinkhorn.sinkhornDivergence({ blur: 0.1, tolerance: 1e-3 })(backend)]
        const fit = generators.fit({ generator, loss, optimiser: generators.adam(0.01), target: nu, batch: 400 })
        return Array.from(generators.run(fit, random.key(1), { steps: 2 }), ({ value }) => value)
      },
    ],
    ['a sliced distance and its gradient', [9000, 2], (backend) => numbersOf(sliced.slicedWasserstein({ key: random.key(1), count: 20 })(backend))],
  ])('at any point of %s makes it throw a typed error, or be right; the next one is right', async (_, size, make) => {
    const untouched = await backends.simd({ threads: 1 })
    let expected: readonly number[] = []
    const asked = growing(Infinity)
    await between(untouched, size, (mu, nu) => {
      expected = make(untouched)(mu, nu)
    })
    const most = asked()
    const farthest = (found: readonly number[]): number => found.reduce((sofar, value, at) => Math.max(sofar, Math.abs(value - (expected[at] ?? NaN))), 0)
    const faults: string[] = []
    for (let times = 0; times < most; times++) {
      WebAssembly.Memory.prototype.grow = grow
      const backend = await backends.simd({ threads: 1 })
      await between(backend, size, (mu, nu) => {
        growing(times)
        try {
          // What does without some memory rounds otherwise.
          expect(farthest(make(backend)(mu, nu))).toBeLessThan(1e-2)
          faults.push('none')
        } catch (error) {
          faults.push(faultOf(error))
        }
        WebAssembly.Memory.prototype.grow = grow
        expect(farthest(make(backend)(mu, nu))).toBe(0)
      })
    }
    expect(most).toBeGreaterThan(0)
    expect(faults.filter((fault) => fault !== 'BackendFailure at simdBackend' && fault !== 'none')).toEqual([])
  })
})
