import fc from 'fast-check'
import { emptyLogarithm, softmins } from '@monge/backend'
import { dispose, memory } from '@tensorflow/tfjs-core'
import type { Backend, Geometry, Precision, Vectors } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { pairArbitrary } from './arbitraries/cloud.js'
import type { CloudOptions, CloudPair } from './arbitraries/cloud.js'
import { largest, requireAllClose, requireThat, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { pairwiseCase, pairwiseNames } from './pairwise-cases.js'
import { vectorLaws } from './vector-laws.js'
import { withMeasures } from './with-measures.js'

/** What backends are tried on. */
export interface BackendLawOptions {
  /** All shapes and settings by default. */
  readonly clouds?: CloudOptions
  /** The factor on the rounding errors that the sums explain; 64 by default. */
  readonly units?: number
}

type Lazily<A> = A | (() => A)

/**
 * The laws of a backend: every reduction agrees with the reference's, within the rounding of its number format, for
 * every form of cost and kernel, and frees what it takes; its vectors obey their definitions.
 *
 * Backends may be given as functions, to be called when a law is checked.
 */
export const backendLaws = (
  candidate: Lazily<Backend>,
  reference: Lazily<Backend>,
  options: BackendLawOptions = {},
): readonly Law[] => {
  const { units = 64, clouds } = options
  const agreement = Object.entries(reductions).map(([name, reduction]) =>
    law(`${name} agrees with the reference`, problems(clouds), (problem) => {
      const given = called(candidate)
      const unit = units * unitOf(given.precision)
      const [least, most] = ranges[given.precision]
      const bounds = boundsOf(called(reference), problem, least / unit)
      fc.pre(bounds.plan.every((mass) => mass < most))
      const found = evaluate(given, problem, reduction.compute)
      const expected = evaluate(called(reference), problem, reduction.compute)
      const allowed = reduction.error(bounds, problem)
      requireAllClose(`${name} of ${problem.pairwise}`, found, expected, (index) => unit * allowed(index))
    }),
  )
  const clean = law('reductions leave no tensor behind', problems(clouds), (problem) => {
    const backend = called(candidate)
    // The first use may set up what stays.
    for (const { compute } of Object.values(reductions)) evaluate(backend, problem, compute)
    const tensors = backend.within(() => memory().numTensors)
    for (const [name, { compute }] of Object.entries(reductions)) {
      evaluate(backend, problem, compute)
      const left = backend.within(() => memory().numTensors) - tensors
      requireThat(`${name} leaves ${left} tensors behind`, left === 0)
    }
  })
  return [...agreement, clean, ...vectorLaws(() => called(candidate))]
}

/** The least plan's entry that has all its digits, and a mass of a row that no factor or sum takes beyond all numbers. */
const ranges: Readonly<Record<Precision, readonly [least: number, most: number]>> = {
  float32: [2 ** -126, 2 ** 96],
  float64: [2 ** -1022, 2 ** 960],
}

const called = (backend: Lazily<Backend>): Backend => (typeof backend === 'function' ? backend() : backend)

/** Everything that the reductions take. */
interface Problem {
  readonly pair: CloudPair
  /** The name of a case, so that counterexamples can be read. */
  readonly pairwise: string
  readonly epsilon: number
  readonly p: readonly number[]
  readonly q: readonly number[]
  /** `[n, k]` */
  readonly u: readonly number[]
  /** `[m, k]` */
  readonly v: readonly number[]
  readonly k: number
}

const problems = (clouds: CloudOptions | undefined): fc.Arbitrary<Problem> =>
  fc
    .record({
      pair: pairArbitrary(clouds),
      pairwise: fc.constantFrom(...pairwiseNames),
      exponent: fc.integer({ min: -3, max: 3 }),
      k: fc.integer({ min: 1, max: 2 }),
      numbers: fc.array(fc.integer({ min: -32, max: 32 }).map((eighths) => eighths / 8), { minLength: 64, maxLength: 64 }),
    })
    .map(({ pair, pairwise, exponent, k, numbers }) => {
      const [n, m] = [pair.mu.points.length, pair.nu.points.length]
      const take = (count: number, from: number): readonly number[] =>
        Array.from({ length: count }, (_, index) => numbers[(from + index) % numbers.length] ?? 0)
      const scaling = (weights: readonly number[], from: number): readonly number[] =>
        take(weights.length, from).map((value, index) => (weights[index] === 0 ? emptyLogarithm : value))
      return {
        pair,
        pairwise,
        epsilon: pair.size ** pairwiseCase(pairwise).degree * 2 ** exponent,
        p: scaling(pair.mu.weights, 0),
        q: scaling(pair.nu.weights, n),
        u: take(n * k, n + m),
        v: take(m * k, n + m + n * k),
        k,
      }
    })

type Compute = <V>(geometry: Geometry<V>, vectors: Vectors<V>, problem: Problem) => readonly V[]

interface Reduction {
  readonly compute: Compute
  /** What one unit in the last place costs, for each entry of the result. */
  readonly error: (bounds: Bounds, problem: Problem) => (index: number) => number
}

/** Sums of absolute values, from the reference's matrix, by definition. */
interface Bounds {
  /** The largest magnitude of an entry. */
  readonly cost: number
  /** The largest slope. */
  readonly slope: number
  /** The largest exponent that occurs: rounding of it is a relative error of the plan. */
  readonly exponent: number
  /** `sum_j P_ij`, and for each entry the least that counts */
  readonly plan: readonly number[]
  /** Of the problem's `u` and `v` together. */
  readonly factor: number
  readonly columns: number
}

const evaluate = (backend: Backend, problem: Problem, compute: Compute): readonly number[] =>
  backend.within(() => {
    const { vectors } = backend
    return withMeasures([problem.pair.mu, problem.pair.nu], (measures) => {
      const [mu, nu] = measures as [Measure, Measure]
      const pairwise = pairwiseCase(problem.pairwise).make(problem.pair.size, mu.points.shape[0], nu.points.shape[0])
      const geometry = backend.geometry(pairwise, mu.points, nu.points)
      // Read inside of the scope, which frees them.
      let read: readonly number[] = []
      vectors.scope(() => {
        read = compute(geometry, vectors, problem).flatMap((vector) => Array.from(vectors.toArray(vector)))
        return []
      })
      geometry.dispose()
      if (pairwise.tag === 'matrix') dispose(pairwise.entries)
      return read
    })
  })

const boundsOf = (reference: Backend, problem: Problem, least: number): Bounds => {
  const { pair, pairwise, epsilon, p, q } = problem
  const [n, m] = [p.length, q.length]
  const entries = evaluate(reference, problem, (geometry, vectors) => [vectors.fromArray(geometry.entries(0, n))])
  const scale = Math.max(largest(entries), pair.size ** pairwiseCase(pairwise).degree)
  return {
    cost: scale,
    slope: (16 * scale) / pair.size,
    exponent: 16 + scale / epsilon,
    plan: p.map((row, i) =>
      q.reduce((sum, column, j) => sum + least + Math.exp(row + column - (entries[i * m + j] ?? 0) / epsilon), 0),
    ),
    factor: Math.max(1, largest(problem.u)) * Math.max(1, largest(problem.v)) * problem.k,
    columns: m,
  }
}

/** One error for every entry. */
const same =
  (error: (bounds: Bounds, problem: Problem) => number): Reduction['error'] =>
  (bounds, problem) => {
    const value = error(bounds, problem)
    return () => value
  }

/** In proportion to the mass of the plan's row, `width` entries a row. */
const ofRows =
  (width: (problem: Problem) => number, error: (bounds: Bounds) => number): Reduction['error'] =>
  (bounds, problem) =>
  (index) =>
    bounds.exponent * error(bounds) * (bounds.plan[Math.floor(index / width(problem))] ?? NaN)

const softminError = same(({ cost, exponent }, { epsilon }) => cost + epsilon * exponent)

const reductions: Readonly<Record<string, Reduction>> = {
  entries: {
    compute: (geometry, vectors) => [vectors.fromArray(geometry.entries(0, geometry.rows))],
    error: same(({ cost }) => cost),
  },
  softmin: {
    compute: (geometry, vectors, { epsilon, q }) => [geometry.softmin(epsilon, vectors.fromArray(q))],
    error: softminError,
  },
  'softmin of the transpose': {
    compute: (geometry, vectors, { epsilon, p }) => [geometry.transpose().softmin(epsilon, vectors.fromArray(p))],
    error: softminError,
  },
  softmins: {
    compute: (geometry, vectors, { epsilon, p, q }) => {
      const both = softmins(epsilon, vectors.fromArray(p), vectors.fromArray(q))(geometry)
      return [both.f, both.g]
    },
    error: softminError,
  },
  minimum: {
    compute: (geometry, vectors, { epsilon, v, k }) => [
      geometry.minimum(vectors.fromArray(v.filter((_, index) => index % k === 0).map((value) => value * epsilon))),
    ],
    error: same(({ cost }, { epsilon }) => cost + 4 * epsilon),
  },
  planSum: {
    compute: (geometry, vectors, { epsilon, p, q, v, k }) => [
      geometry.planSum(epsilon, vectors.fromArray(p), vectors.fromArray(q), vectors.fromArray(v), k),
    ],
    error: ofRows(({ k }) => k, ({ factor }) => factor),
  },
  planCost: {
    compute: (geometry, vectors, { epsilon, p, q }) => [
      geometry.planCost(epsilon, vectors.fromArray(p), vectors.fromArray(q)),
    ],
    error: ofRows(() => 1, ({ cost }) => cost),
  },
  planGradient: {
    compute: (geometry, vectors, { epsilon, p, q, u, v, k }) => [
      geometry.planGradient(
        epsilon,
        vectors.fromArray(p),
        vectors.fromArray(q),
        vectors.fromArray(u),
        vectors.fromArray(v),
        k,
      ),
    ],
    error: ofRows(({ pair }) => pair.dimension, ({ factor, slope }) => factor * slope),
  },
  sum: {
    compute: (geometry, vectors, { v, k }) => [geometry.sum(vectors.fromArray(v), k)],
    error: same(({ cost, factor, columns }) => cost * factor * columns),
  },
  sumGradient: {
    compute: (geometry, vectors, { u, v, k }) => [geometry.sumGradient(vectors.fromArray(u), vectors.fromArray(v), k)],
    error: same(({ slope, factor, columns }) => slope * factor * columns),
  },
}
