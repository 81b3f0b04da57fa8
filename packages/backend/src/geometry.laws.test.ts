import { fc, test as property } from '@fast-check/vitest'
import { expect, test } from 'vitest'
import { cloud, geometryCases } from '../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../tooling/testing/src/geometry-cases.ts'
import { checkGeometry, expectClose, sharingClouds, tensorOf } from '../../../tooling/testing/src/geometry-check.ts'
import { eachImplementation, runs, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { softmins } from './index.js'
import type { Backend, Geometry, Pairwise } from './index.js'

type Cloud = readonly (readonly number[])[]

// Sixteenths, which every number format holds exactly.
const sixteenths = fc.integer({ min: -48, max: 48 }).map((value) => value / 16)
const vectorOf = (n: number): fc.Arbitrary<readonly number[]> => fc.array(sixteenths, { minLength: n, maxLength: n })

interface Problem {
  readonly x: Cloud
  readonly y: Cloud
  readonly pairwise: Pairwise
  readonly epsilon: number
  readonly p: readonly number[]
  readonly q: readonly number[]
  readonly u: readonly number[]
  readonly v: readonly number[]
}

const pairwises: readonly Pairwise[] = geometryCases
  .filter(({ name }) =>
    ['half the squared distance', 'distance', 'gaussian', 'l1', 'function that is not symmetric'].includes(name),
  )
  .map(({ pairwise }) => pairwise([], []))

const problems: fc.Arbitrary<Problem> = fc
  .record({ n: fc.integer({ min: 1, max: 9 }), m: fc.integer({ min: 1, max: 9 }), d: fc.integer({ min: 1, max: 4 }) })
  .chain(({ n, m, d }) =>
    fc.record({
      x: fc.array(vectorOf(d), { minLength: n, maxLength: n }),
      y: fc.array(vectorOf(d), { minLength: m, maxLength: m }),
      pairwise: fc.constantFrom(...pairwises),
      epsilon: fc.constantFrom(0.125, 0.5, 4),
      p: vectorOf(n),
      q: vectorOf(m),
      u: vectorOf(n),
      v: vectorOf(m),
    }),
  )

const onGeometry = (
  backend: Backend,
  { x, y, pairwise }: Pick<Problem, 'x' | 'y' | 'pairwise'>,
  body: (geometry: Geometry<unknown>) => void,
): void =>
  withoutLeaks(() => {
    const [from, to] = [tensorOf(x), tensorOf(y)]
    const geometry = backend.geometry(pairwise, from, to)
    backend.vectors.scope(() => body(geometry))
    geometry.dispose()
    return [from, to]
  })

const dot = (u: readonly number[], v: ArrayLike<number>): number =>
  u.reduce((total, value, i) => total + value * (v[i] ?? 0), 0)
const size = (u: readonly number[], v: ArrayLike<number>): number => dot(u.map(Math.abs), Array.from(v, Math.abs))

eachImplementation('a geometry', (backend) => {
  const numRuns = runs(100)
  const array = (values: readonly number[]): unknown => backend().vectors.fromArray(values)
  const read = (vector: unknown): number[] => Array.from(backend().vectors.toArray(vector))
  const expectNear = (actual: number, expected: number, scale: number): void =>
    expect(Math.abs(actual - expected)).toBeLessThanOrEqual(
      Math.max(scale, 1e-20) * (backend().precision === 'float64' ? 1e-12 : 2e-5),
    )

  const expectBetween = (low: number, high: number, value: number | undefined): void => {
    expect(value).toBeLessThanOrEqual(high)
    expect(value).toBeGreaterThanOrEqual(low)
  }

  /** Scalings whose rows of the plan sum to `exp(p_i)`: no entry overflows. */
  const moderate = (geometry: Geometry<unknown>, { epsilon, p, q }: Problem): unknown =>
    backend().vectors.linear([
      [1, array(p)],
      [1 / epsilon, geometry.softmin(epsilon, array(q))],
    ])

  property.prop([problems, sixteenths], { numRuns })('has softmin(q + t) = softmin(q) - epsilon t', (problem, t) => {
    const { epsilon, q } = problem
    onGeometry(backend(), problem, (geometry) => {
      const [plain, shifted] = [q, q.map((value) => value + t)].map((values) =>
        read(geometry.softmin(epsilon, array(values))),
      )
      plain?.forEach((value, i) => expectNear(shifted?.[i] ?? Number.NaN, value - epsilon * t, 20 + Math.abs(value)))
    })
  })

  property.prop([problems], { numRuns })(
    'has its softmin below its minimum, by no more than epsilon log m',
    (problem) => {
      const { epsilon, q, y } = problem
      onGeometry(backend(), problem, (geometry) => {
        const soft = read(geometry.softmin(epsilon, array(q)))
        const hard = read(geometry.minimum(array(q.map((value) => epsilon * value))))
        hard.forEach((value, i) => {
          const slack = (backend().precision === 'float64' ? 1e-12 : 2e-5) * (20 + Math.abs(value))
          expectBetween(value - epsilon * Math.log(y.length) - slack, value + slack, soft[i])
        })
      })
    },
  )

  property.prop([problems], { numRuns })('has plans of unit rows where p is softmin(q) / epsilon', (problem) => {
    const { epsilon, q } = problem
    onGeometry(backend(), problem, (geometry) => {
      const p = backend().vectors.linear([[1 / epsilon, geometry.softmin(epsilon, array(q))]])
      const rows = read(geometry.planSum(epsilon, p, array(q), array(q.map(() => 1)), 1))
      const expected = rows.map(() => 1)
      // An error of the exponent is one of the sum; exponents reach a few hundred.
      expectClose(backend(), 'rows', rows, expected, { float64: 1e-10, float32: 1e-3 })
    })
  })

  property.prop([problems], { numRuns })('has sums adjoint to those of its transpose', (problem) => {
    const { epsilon, q, u, v } = problem
    onGeometry(backend(), problem, (geometry) => {
      const other = geometry.transpose()
      const [forth, back] = [read(geometry.sum(array(v), 1)), read(other.sum(array(u), 1))]
      const all = read(geometry.sum(array(v.map(Math.abs)), 1)).map(Math.abs)
      expectNear(dot(u, forth), dot(v, back), size(u, all) + size(v, back) + 1)
      const scaling = moderate(geometry, problem)
      const plan = read(geometry.planSum(epsilon, scaling, array(q), array(v), 1))
      const total = read(geometry.planSum(epsilon, scaling, array(q), array(v.map(Math.abs)), 1))
      const transposed = read(other.planSum(epsilon, array(q), scaling, array(u), 1))
      // An error of the exponent is one of the entry; exponents reach a few hundred.
      expectNear(dot(u, plan), dot(v, transposed), 100 * (size(u, total) + 1e-6))
    })
  })

  property.prop([problems, sixteenths], { numRuns })('has sums over the plan linear in the values', (problem, t) => {
    const { epsilon, q, v } = problem
    onGeometry(backend(), problem, (geometry) => {
      const scaling = moderate(geometry, problem)
      const sums = (values: readonly number[]): number[] =>
        read(geometry.planSum(epsilon, scaling, array(q), array(values), 1))
      const [plain, ones, both, total] = [v, v.map(() => 1), v.map((value) => value + t), v.map(Math.abs)].map(sums)
      both?.forEach((value, i) =>
        expectNear(
          value,
          (plain?.[i] ?? 0) + t * (ones?.[i] ?? 0),
          10 * ((total?.[i] ?? 0) + Math.abs(t) * (ones?.[i] ?? 0)),
        ),
      )
    })
  })

  property.prop([problems], { numRuns })(
    'has a transpose whose matrix is its own, transposed, and whose transpose it is',
    (problem) => {
      const { x, y } = problem
      onGeometry(backend(), problem, (geometry) => {
        const [here, there] = [geometry.entries(0, x.length), geometry.transpose().entries(0, y.length)]
        const turned = Array.from(
          here,
          (_, index) => there[(index % y.length) * x.length + Math.floor(index / y.length)] ?? Number.NaN,
        )
        expectClose(backend(), 'entries', here, turned)
        expectClose(backend(), 'again', geometry.transpose().transpose().entries(0, x.length), Array.from(here))
      })
    },
  )

  property.prop([problems], { numRuns })('has both softmins at once equal to one after the other', (problem) => {
    const { epsilon, p, q } = problem
    onGeometry(backend(), problem, (geometry) => {
      const { f, g } = softmins(epsilon, array(p), array(q))(geometry)
      expectClose(backend(), 'f', read(f), read(geometry.softmin(epsilon, array(q))))
      expectClose(backend(), 'g', read(g), read(geometry.transpose().softmin(epsilon, array(p))))
    })
  })

  test('gives bit-equal results when asked again', () => {
    const [x, y] = sharingClouds(3)
    onGeometry(backend(), { x, y, pairwise: pairwises[0] as Pairwise }, (geometry) => {
      const q = array(y.map((_, j) => j / -3))
      expect(read(geometry.softmin(0.1, q))).toEqual(read(geometry.softmin(0.1, q)))
      expect(read(geometry.planSum(0.1, array([1, 2, 3, 4, 5, 6, 7]), q, q, 1))).toEqual(
        read(geometry.planSum(0.1, array([1, 2, 3, 4, 5, 6, 7]), q, q, 1)),
      )
    })
  })

  /** The case on clouds `scale` times as large. */
  const scaledCases = (scale: number): readonly (readonly [GeometryCase, number])[] =>
    geometryCases.flatMap((theCase) =>
      theCase.name === 'half the squared distance'
        ? [[theCase, 0.5 * scale ** 2] as const]
        : ['distance', 'l1', 'distance of a user'].includes(theCase.name)
          ? [[theCase, 0.5 * scale] as const]
          : [],
    )

  // What is left of a cloud of size 1e-6 at 1e4 is one point.
  const places = [
    [1e-6, 0],
    [1, 0],
    [1, 1e4],
    [1e6, 0],
    [1e6, 1e4],
  ] as const

  test.each(places.flatMap((place) => [2, 20].map((d) => [...place, d] as const)))(
    'is right on clouds of size %f around %f, in dimension %i',
    (scale, shift, d) => {
      const placed = (points: Cloud): Cloud =>
        points.map((point) => point.map((value) => Math.fround(value * scale + shift)))
      for (const [theCase, epsilon] of scaledCases(scale))
        withoutLeaks(() =>
          checkGeometry(backend(), theCase, placed(cloud(3, 6, d)), placed(cloud(4, 5, d)), epsilon * (d / 2)),
        )
    },
  )

  test('is finite on clouds that their distance from the origin has collapsed', () => {
    for (const [theCase] of scaledCases(1)) {
      const points = cloud(3, 6, 2).map((point) => point.map((value) => Math.fround(value * 1e-6 + 1e4)))
      onGeometry(backend(), { x: points, y: points, pairwise: theCase.pairwise([], []) }, (geometry) => {
        const ones = array(points.map(() => 1))
        for (const vector of [geometry.softmin(1e-6, ones), geometry.planGradient(1e-6, ones, ones, ones, ones, 1)])
          expect(read(vector).every(Number.isFinite)).toBe(true)
      })
    }
  })
})
