import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { backends, costs, defaultBackend, emd, emdSamples, exact, generators, kernels, langevin, losses, measures, random, sinkhorn, slicedWasserstein } from 'monge'
import { dispose } from '@tensorflow/tfjs-core'
import type { Problem } from './problem.js'

/*
 * Solves one problem whenever it reads a line, and says how long it took: `node worker.js FOLDER METHOD`, `--cold` without
 * warming up. The peers' worker speaks the same protocol.
 */

/** One run: what it found, and how far from the truth it is, worked out after the clock has stopped. */
interface Run {
  readonly value: number
  readonly error?: number
}

const [folder = '', method = 'default'] = process.argv.slice(2).filter((word) => word !== '--cold')
const problem = JSON.parse(readFileSync(join(folder, 'problem.json'), 'utf8')) as Problem
const { n, d } = problem
const read = (name: string): Float64Array => new Float64Array(new Uint8Array(readFileSync(join(folder, name))).buffer)
const [x, y] = [read('x.bin'), read('y.bin')]
const backend = await (method === 'reference' ? backends.reference() : defaultBackend())
const measureOf = (data: Float64Array): measures.Measure =>
  measures.measureOrThrow(measures.fromArrays({ data, shape: [n, d] }, undefined, backend))
const [mu, nu] = [measureOf(x), measureOf(y)]

/** All squared distances, `[n * n]`. */
const squares = (): Float64Array => {
  const result = new Float64Array(n * n)
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += (x[i * d + k] - y[j * d + k]) ** 2
      result[i * n + j] = sum
    }
  return result
}

const prepare = (): (() => Run) => {
  switch (problem.kind) {
    case 'divergence':
      return differentiating(sinkhorn.sinkhornDivergence({ p: 2, blur: problem.blur, scaling: problem.scaling })(backend))
    case 'transport':
      return solving({ p: 2, blur: problem.blur * measures.diameter(mu, nu), tolerance: problem.tolerance })
    case 'matrix': {
      const data = squares()
      const cost = costs.fromMatrix({ data, shape: [n, n] }, backend)
      const most = data.reduce((sofar, value) => Math.max(sofar, value), 0)
      return solving({ p: 1, cost, blur: problem.epsilon * most, tolerance: problem.tolerance })
    }
    case 'exact-matrix': {
      const cost = { data: squares(), shape: [n, n] } as const
      if (method === 'assignment') return () => ({ value: exact.assignment({ cost }).cost / n })
      return () => proved(emd({ cost }))
    }
    case 'exact-points': {
      const clouds = { x: { data: x, shape: [n, d] }, y: { data: y, shape: [n, d] } } as const
      return () => proved(emdSamples({ ...clouds, p: 2 }))
    }
    case 'sliced': {
      const directions = { data: read('directions.bin'), shape: [problem.directions, d] } as const
      return differentiating(slicedWasserstein({ p: 2, directions })(backend))
    }
    case 'kernel': {
      const sum = kernels.kernelSum(kernels.gaussian(problem.sigma))(backend)
      return () => {
        const field = sum(nu, mu.points)
        const values = field.dataSync()
        field.dispose()
        return { value: values[0] }
      }
    }
    case 'training':
      return training(problem.sizes, problem.batch, problem.blur)
    case 'langevin':
      return sampling(problem.modes, problem.steps)
  }
}

const training = (sizes: readonly number[], batch: number, blur: number): (() => Run) => {
  const fitting = generators.fit({
    generator: generators.multilayerPerceptron({ sizes })(backend),
    loss: sinkhorn.sinkhornDivergence({ p: 2, blur })(backend),
    optimiser: generators.adam(1e-3),
    target: nu,
    batch,
  })
  const states = generators.run(fitting, random.key(1))
  return () => ({ value: states.next().value?.value ?? NaN })
}

const sampling = (modes: number, steps: number): (() => Run) => {
  const circle = Array.from({ length: modes }, (_, k) => (2 * Math.PI * k) / modes)
  const means = circle.map((angle) => [5 * Math.cos(angle), 5 * Math.sin(angle)])
  const potential =
    modes === 1 ? langevin.gaussian({ mean: [7, -4] }) : langevin.gaussianMixture({ means, covariance: 0.25 })
  const sampler = langevin.ula(potential(backend), { step: 0.01 })
  let seed = 0
  return () => {
    const state = langevin.last(sampler, random.key(seed++), mu, { steps })
    const { points } = measures.toTyped(state.measure)
    langevin.disposeState(state)
    let sum = 0
    for (let i = 0; i < 2 * n; i += 2) sum += Math.hypot(points[i], points[i + 1])
    return { value: sum / n }
  }
}

/** Every run has tensors of its own: nothing that was found out of the clouds before can help. */
const differentiating = (loss: losses.Loss) => (): Run => {
  const [from, to] = [measureOf(x), measureOf(y)]
  const { value, gradient } = losses.valueAndGradientIn('mu')(loss)(from, to)
  const [number] = value.dataSync()
  gradient.points.dataSync()
  dispose([value, gradient.weights, gradient.points, from.weights, from.points, to.weights, to.points])
  return { value: number }
}

const solving = (options: sinkhorn.SolveOptions): (() => Run) => {
  // No peer bounds the optimum.
  const solver = sinkhorn.solve({ ...options, certificate: false })(backend)
  return () => {
    const [from, to] = [measureOf(x), measureOf(y)]
    const { f, g, value, marginalError } = solver(from, to)
    dispose([f, g, from.weights, from.points, to.weights, to.points])
    return { value, error: marginalError }
  }
}

const proved = ({ cost, gap }: { readonly cost: number; readonly gap: number }): Run => ({
  value: cost,
  error: Math.abs(gap),
})

/**
 * Runs are repeated to this many seconds, so that short ones can be timed, and once this long unseen, to warm up. A turn of those
 * below a second is timed twice, after the pause that the others' turns are, and so long after it: some systems keep the threads
 * of a process that has slept on one core for a while.
 */
const [least, warmth, waking, long] = [0.1, 1, 0.2, 1]

const run = prepare()
const measure = (duration: number): { readonly seconds: number; readonly result: Run } => {
  const start = performance.now()
  let count = 0
  let result: Run
  do {
    result = run()
    count += 1
  } while (performance.now() - start < duration * 1000)
  return { seconds: (performance.now() - start) / 1000 / count, result }
}
let warm = process.argv.includes('--cold')
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'quit') break
  const begun = performance.now()
  while (!warm) {
    run()
    warm = performance.now() - begun >= warmth * 1000
    // Threads start, and the collector works, between runs.
    await new Promise((resolve) => setTimeout(resolve, 0))
  }
  let { seconds, result } = measure(least)
  const rested = seconds
  if (seconds < long) {
    measure(waking - least)
    ;({ seconds, result } = measure(least))
  }
  process.stdout.write(`${JSON.stringify({ seconds, rested, ...result, peak: process.resourceUsage().maxRSS * 1024 })}\n`)
}
