import type { Pairwise, Profile } from '@monge/backend'
import { tensorFrom } from '@monge/backend'
import { abs, add, exp, expandDims, matMul, mul, slice, sqrt, square, sub, sum, transpose } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'

/*
 * The functions of two points that every engine must know, each beside an independent statement of its value and its
 * derivative on plain numbers, and the reductions over them written as the double loops that define them.
 */

type Point = readonly number[]
type Cloud = readonly Point[]

/** A function of two points: as a backend is given it, and as the oracle computes it. */
export interface GeometryCase {
  readonly name: string
  /** Made where the backend is current: it may hold tensors. */
  readonly pairwise: (x: Cloud, y: Cloud) => Pairwise
  readonly value: (x: Point, y: Point, i: number, j: number) => number
  /** The derivative in `x`, zero where there is none. */
  readonly slope: (x: Point, y: Point) => Point
  /** The derivative in `y`, where it is not minus that in `x`. */
  readonly otherSlope?: (x: Point, y: Point) => Point
}

const squaredDistance = (x: Point, y: Point): number =>
  x.reduce((total, value, k) => total + (value - (y[k] ?? 0)) ** 2, 0)

const radial = (
  name: string,
  profile: Profile,
  value: (s: number) => number,
  derivative: (s: number) => number,
): GeometryCase => ({
  name,
  pairwise: () => ({ tag: 'radial', profile }),
  value: (x, y) => value(squaredDistance(x, y)),
  slope: (x, y) => {
    const factor = 2 * derivative(squaredDistance(x, y))
    return x.map((coordinate, k) => (Number.isFinite(factor) ? factor * (coordinate - (y[k] ?? 0)) : 0))
  },
})

const lp = (name: string, order: number, exponent: number, scale: number): GeometryCase => {
  const total = (x: Point, y: Point): number =>
    x.reduce((partial, value, k) => partial + Math.abs(value - (y[k] ?? 0)) ** order, 0)
  return {
    name,
    pairwise: () => ({ tag: 'lp', order, exponent, scale }),
    value: (x, y) => scale * total(x, y) ** exponent,
    slope: (x, y) =>
      x.map((value, k) => {
        const difference = value - (y[k] ?? 0)
        const slope =
          scale *
          exponent *
          total(x, y) ** (exponent - 1) *
          order *
          Math.sign(difference) *
          Math.abs(difference) ** (order - 1)
        return Number.isFinite(slope) ? slope : 0
      }),
  }
}

const differences = (x: Tensor2D, y: Tensor2D): Tensor => sub(expandDims(x, 1), expandDims(y, 0))

const userFunction = (
  name: string,
  value: (x: Tensor2D, y: Tensor2D) => Tensor2D,
  oracle: Pick<GeometryCase, 'value' | 'slope' | 'otherSlope'>,
): GeometryCase => ({ name, pairwise: () => ({ tag: 'function', value }), ...oracle })

const half: Profile = { tag: 'power', scale: 0.5, shift: 0, exponent: 1 }
const gaussian: Profile = { tag: 'exponential', scale: 1, rate: 0.7, shift: 0, exponent: 1 }
const laplacian: Profile = { tag: 'exponential', scale: 1.3, rate: 0.9, shift: 0, exponent: 0.5 }
const dot = (x: Point, y: Point): number => x.reduce((total, value, k) => total + value * (y[k] ?? 0), 0)

export const geometryCases: readonly GeometryCase[] = [
  radial(
    'half the squared distance',
    half,
    (s) => s / 2,
    () => 0.5,
  ),
  radial('distance', { tag: 'power', scale: 1, shift: 0, exponent: 0.5 }, Math.sqrt, (s) => 0.5 / Math.sqrt(s)),
  radial(
    'minus the distance',
    { tag: 'power', scale: -1, shift: 0, exponent: 0.5 },
    (s) => -Math.sqrt(s),
    (s) => -0.5 / Math.sqrt(s),
  ),
  radial(
    'cubed distance',
    { tag: 'power', scale: 0.3, shift: 0, exponent: 1.5 },
    (s) => 0.3 * s ** 1.5,
    (s) => 0.45 * Math.sqrt(s),
  ),
  radial(
    'squared squared distance',
    { tag: 'power', scale: 0.1, shift: 0, exponent: 2 },
    (s) => 0.1 * s ** 2,
    (s) => 0.2 * s,
  ),
  radial(
    'inverse multiquadric',
    { tag: 'power', scale: 1.1, shift: 0.25, exponent: -0.5 },
    (s) => 1.1 * (s + 0.25) ** -0.5,
    (s) => -0.55 * (s + 0.25) ** -1.5,
  ),
  radial(
    'smoothed inverse root',
    { tag: 'power', scale: 1, shift: 0.01, exponent: -0.25 },
    (s) => (s + 0.01) ** -0.25,
    (s) => -0.25 * (s + 0.01) ** -1.25,
  ),
  radial(
    'gaussian',
    gaussian,
    (s) => Math.exp(-0.7 * s),
    (s) => -0.7 * Math.exp(-0.7 * s),
  ),
  radial(
    'laplacian',
    laplacian,
    (s) => 1.3 * Math.exp(-0.9 * Math.sqrt(s)),
    (s) => (-0.585 / Math.sqrt(s)) * Math.exp(-0.9 * Math.sqrt(s)),
  ),
  radial(
    'smoothed exponential',
    { tag: 'exponential', scale: 1, rate: 1, shift: 0.04, exponent: 0.5 },
    (s) => Math.exp(-Math.sqrt(s + 0.04)),
    (s) => (-0.5 / Math.sqrt(s + 0.04)) * Math.exp(-Math.sqrt(s + 0.04)),
  ),
  radial(
    'sum of profiles',
    { tag: 'sum', terms: [half, gaussian] },
    (s) => s / 2 + Math.exp(-0.7 * s),
    (s) => 0.5 - 0.7 * Math.exp(-0.7 * s),
  ),
  radial(
    'product of profiles',
    { tag: 'product', factors: [half, gaussian, gaussian] },
    (s) => (s / 2) * Math.exp(-1.4 * s),
    (s) => (0.5 - 0.7 * s) * Math.exp(-1.4 * s),
  ),
  radial(
    'profile of a user',
    { tag: 'custom', value: (s) => sqrt(add(s, square(s))) },
    (s) => Math.sqrt(s + s * s),
    (s) => (0.5 * (1 + 2 * s)) / Math.sqrt(s + s * s),
  ),
  lp('l1', 1, 1, 1),
  lp('l2', 2, 0.5, 0.7),
  lp('l3', 3, 1 / 3, 1),
  lp('l1.5 to the power 2', 1.5, 4 / 3, 0.5),
  userFunction('squared distance of a user', (x, y) => sum(square(differences(x, y)), 2), {
    value: squaredDistance,
    slope: (x, y) => x.map((value, k) => 2 * (value - (y[k] ?? 0))),
  }),
  userFunction('distance of a user', (x, y) => sqrt(sum(square(differences(x, y)), 2)), {
    value: (x, y) => Math.sqrt(squaredDistance(x, y)),
    slope: (x, y) => {
      const distance = Math.sqrt(squaredDistance(x, y))
      return x.map((value, k) => (distance === 0 ? 0 : (value - (y[k] ?? 0)) / distance))
    },
  }),
  userFunction(
    'function that is not symmetric',
    (x, y) => add(matMul<Tensor2D>(x, transpose(y)), exp(slice(x, [0, 0], [x.shape[0], 1]))),
    {
      value: (x, y) => dot(x, y) + Math.exp(x[0] ?? 0),
      slope: (x, y) => y.map((value, k) => value + (k === 0 ? Math.exp(x[0] ?? 0) : 0)),
      otherSlope: (x) => x,
    },
  ),
  userFunction('function of one side alone', (x, y) => add(mul(0, matMul<Tensor2D>(x, transpose(y))), sum(abs(y), 1)), {
    value: (_, y) => y.reduce((total, value) => total + Math.abs(value), 0),
    slope: (x) => x.map(() => 0),
    otherSlope: (_, y) => y.map(Math.sign),
  }),
  {
    name: 'matrix',
    pairwise: (x, y) => ({
      tag: 'matrix',
      entries: tensorFrom<Tensor2D>(
        x.flatMap((_, i) => y.map((__, j) => matrixEntry(i, j))),
        [x.length, y.length],
      ),
    }),
    value: (_, __, i, j) => matrixEntry(i, j),
    slope: (x) => x.map(() => 0),
  },
]

// Sixteenths, which every number format holds exactly.
const matrixEntry = (i: number, j: number): number => ((i * 7 + j * 13 + i * j) % 32) / 16

/** The reductions of a `Geometry`, as the sums that define them, in float64. */
export interface Oracle {
  readonly entries: readonly (readonly number[])[]
  readonly softmin: (epsilon: number, q: Point) => Point
  readonly minimum: (g: Point) => Point
  readonly planSum: (epsilon: number, p: Point, q: Point, v: Cloud) => Cloud
  readonly planCost: (epsilon: number, p: Point, q: Point) => Point
  readonly planGradient: (epsilon: number, p: Point, q: Point, u: Cloud, v: Cloud) => Cloud
  readonly sum: (v: Cloud) => Cloud
  readonly sumGradient: (u: Cloud, v: Cloud) => Cloud
}

const at = (values: Point, index: number): number => values[index] ?? Number.NaN
const row = (values: Cloud, index: number): Point => values[index] ?? []

/** The oracle of a case on two clouds. */
export const oracle = ({ value, slope }: GeometryCase, x: Cloud, y: Cloud): Oracle => {
  const entries = x.map((from, i) => y.map((to, j) => value(from, to, i, j)))
  const weighted = (
    weight: (i: number, j: number) => number,
    k: number,
    body: (i: number, j: number) => Point,
  ): Cloud =>
    x.map((_, i) =>
      Array.from({ length: k }, (__, column) =>
        y.reduce((total, ___, j) => total + weight(i, j) * at(body(i, j), column), 0),
      ),
    )
  const plan = (epsilon: number, p: Point, q: Point) => (i: number, j: number) =>
    Math.exp(at(p, i) + at(q, j) - at(row(entries, i), j) / epsilon)
  const columns = (v: Cloud): number => row(v, 0).length
  const slopes = (i: number, j: number): Point => slope(row(x, i), row(y, j))
  const dimension = columns(x)
  return {
    entries,
    softmin: (epsilon, q) =>
      entries.map((costs) => {
        const exponents = costs.map((cost, j) => at(q, j) - cost / epsilon)
        const highest = Math.max(...exponents)
        return -epsilon * (highest + Math.log(exponents.reduce((total, h) => total + Math.exp(h - highest), 0)))
      }),
    minimum: (g) => entries.map((costs) => Math.min(...costs.map((cost, j) => cost - at(g, j)))),
    planSum: (epsilon, p, q, v) => weighted(plan(epsilon, p, q), columns(v), (_, j) => row(v, j)),
    planCost: (epsilon, p, q) =>
      weighted(plan(epsilon, p, q), 1, (i, j) => [at(row(entries, i), j)]).map((values) => at(values, 0)),
    planGradient: (epsilon, p, q, u, v) =>
      weighted((i, j) => plan(epsilon, p, q)(i, j) * dot(row(u, i), row(v, j)), dimension, slopes),
    sum: (v) =>
      weighted(
        (i, j) => at(row(entries, i), j),
        columns(v),
        (_, j) => row(v, j),
      ),
    sumGradient: (u, v) => weighted((i, j) => dot(row(u, i), row(v, j)), dimension, slopes),
  }
}

/** The case seen from the other cloud: the oracle of `transpose()`. */
export const transposedCase = (geometry: GeometryCase): GeometryCase => ({
  ...geometry,
  value: (y, x, j, i) => geometry.value(x, y, i, j),
  slope: (y, x) => geometry.otherSlope?.(x, y) ?? geometry.slope(x, y).map((value) => -value),
})

/** Points in `[-1, 1]^d` that every number format holds exactly, the same for the same seed. */
export const cloud = (seed: number, n: number, d: number): readonly (readonly number[])[] =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: d }, (__, k) => {
      const mixed = Math.imul((seed * 7919 + i * 104729 + k * 1299709) ^ 0x9e3779b9, 0x85ebca6b)
      return ((Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 8) % 2048) / 1024 - 1
    }),
  )
