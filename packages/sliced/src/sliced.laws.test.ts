import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { emdSamples } from '@monge/exact'
import { toNumber, valueAndGradient } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { dispose } from '@tensorflow/tfjs-core'
import type { TensorContainer } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance } from '../../../tooling/testing/src/index.ts'
import { directionsOf } from './directions.js'
import { maxSliced, slicedWasserstein } from './index.js'
import { localOrder } from './locality.js'
import { slicer } from './slicer.js'

interface Cloud {
  readonly points: readonly number[]
  readonly weights: readonly number[]
}

const clouds = (dimension: number): fc.Arbitrary<Cloud> =>
  fc
    .array(
      fc.tuple(
        fc.array(fc.integer({ min: -20, max: 20 }).map((value) => value / 4), { minLength: dimension, maxLength: dimension }),
        fc.integer({ min: 0, max: 4 }),
      ),
      { minLength: 1, maxLength: 8 },
    )
    .filter((entries) => entries.some(([, mass]) => mass > 0))
    .map((entries) => {
      const total = entries.reduce((sum, [, mass]) => sum + mass, 0)
      return { points: entries.flatMap(([point]) => point), weights: entries.map(([, mass]) => mass / total) }
    })

const dimensions = fc.integer({ min: 1, max: 4 })
const several = (count: number) =>
  dimensions.chain((d) => fc.tuple(fc.constant(d), fc.array(clouds(d), { minLength: count, maxLength: count })))
const orders = fc.constantFrom(1, 1.5, 2, 3)

const measured = <A>(backend: Backend, dimension: number, given: readonly Cloud[], body: (measures: readonly Measure[]) => A): A => {
  const measures = backend.within(() =>
    given.map(({ points, weights }) => ({
      weights: tensorFrom<Measure['weights']>(weights, [weights.length]),
      points: tensorFrom<Measure['points']>(points, [weights.length, dimension]),
    })),
  )
  const result = body(measures)
  dispose(measures as unknown as TensorContainer)
  return result
}

eachBackend('sliced Wasserstein distances', (backend) => {
  test('is the same by the backend’s threads and by the host', () => {
    fc.assert(
      fc.property(several(2), orders, ([d, given], p) => {
        const options = { p, count: 5, key: key(1) } as const
        const { name, precision, within } = backend()
        measured(backend(), d, given, ([mu, nu]) => {
          const [own, plain] = [backend(), { name, precision, within }].map((place) => {
            const { value, mu: gradient, nu: other } = valueAndGradient(slicedWasserstein(options)(place))(mu, nu)
            const made = [value, gradient.points, gradient.weights, other.points, other.weights]
            const numbers = made.map((tensor) => Array.from(tensor.dataSync()))
            dispose(made)
            return numbers.flat()
          })
          const allowed = tolerance(backend(), { float64: 1e-12, float32: 1e-6 })
          own.forEach((value, i) => expect(Math.abs(value - plain[i])).toBeLessThanOrEqual(allowed * (1 + Math.abs(value))))
        })
      }),
      { numRuns: runs(100) },
    )
  })

  const small = () => tolerance(backend(), { float64: 1e-6, float32: 1e-4 })
  const times = { numRuns: runs(100) }

  test('are symmetric', () => {
    fc.assert(
      fc.property(several(2), orders, ([d, given], p) => {
        const loss = toNumber(slicedWasserstein({ p, key: key(1), count: 6 })(backend()))
        measured(backend(), d, given, ([mu, nu]) => expect(Math.abs(loss(mu, nu) - loss(nu, mu))).toBeLessThanOrEqual(small()))
      }),
      times,
    )
  })

  test('obey the triangle inequality', () => {
    fc.assert(
      fc.property(several(3), orders, ([d, given], p) => {
        const loss = toNumber(slicedWasserstein({ p, key: key(1), count: 6 })(backend()))
        measured(backend(), d, given, ([mu, nu, xi]) =>
          expect(loss(mu, xi)).toBeLessThanOrEqual(loss(mu, nu) + loss(nu, xi) + 10 * small()),
        )
      }),
      times,
    )
  })

  test('are at most the largest slice, which is at most the Wasserstein distance', () => {
    fc.assert(
      fc.property(several(2), orders, ([d, given], p) => {
        const options = { p, key: key(2), count: 5 }
        const [x, y] = given.map(({ points, weights }) => ({ data: points, shape: [weights.length, d] as const }))
        const exact = emdSamples({ x, y, a: given[0].weights, b: given[1].weights, p }).distance
        measured(backend(), d, given, ([mu, nu]) => {
          const mean = toNumber(slicedWasserstein(options)(backend()))(mu, nu)
          const largest = toNumber(maxSliced({ ...options, steps: 20 })(backend()))(mu, nu)
          expect(mean).toBeLessThanOrEqual(largest + small())
          expect(largest).toBeLessThanOrEqual(exact + 10 * small())
        })
      }),
      times,
    )
  })

  test('on a line are the Wasserstein distance', () => {
    fc.assert(
      fc.property(clouds(1), clouds(1), orders, (one, two, p) => {
        const exact = emdSamples({
          x: { data: one.points, shape: [one.weights.length, 1] },
          y: { data: two.points, shape: [two.weights.length, 1] },
          a: one.weights,
          b: two.weights,
          p,
        }).distance
        measured(backend(), 1, [one, two], ([mu, nu]) => {
          const loss = toNumber(slicedWasserstein({ p, key: key(1), count: 2 })(backend()))
          expect(Math.abs(loss(mu, nu) - exact)).toBeLessThanOrEqual(10 * small())
        })
      }),
      times,
    )
  })

  test('have potentials that weigh the same on both sides, and half of the value each', () => {
    fc.assert(
      fc.property(several(2), orders, fc.constantFrom(0.25, 1, 4), ([d, given], p, mass) => {
        const heavy = given.map(({ points, weights }) => ({ points, weights: weights.map((weight) => mass * weight) }))
        const loss = slicedWasserstein({ p, key: key(1), count: 4, form: 'power' })(backend())
        measured(backend(), d, heavy, ([mu, nu]) => {
          const { value, mu: f, nu: g } = valueAndGradient(loss)(mu, nu)
          const half = value.dataSync()[0] / 2
          const weighed = [
            [heavy[0].weights, f.weights.dataSync<'float32'>()] as const,
            [heavy[1].weights, g.weights.dataSync<'float32'>()] as const,
          ].map(([weights, potential]) => weights.reduce((sum, weight, i) => sum + weight * potential[i], 0))
          const scale = 1 + 100 ** p * mass
          for (const side of weighed)
            expect(Math.abs(side - half)).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-13, float32: 1e-6 }) * scale)
          dispose([value, f, g] as unknown as TensorContainer)
        })
      }),
      times,
    )
  })

  test('have gradients that differences confirm, where the order of the points stays', () => {
    fc.assert(
      fc.property(several(2), ([d, given]) => {
        if (backend().precision !== 'float64') return
        const loss = slicedWasserstein({ p: 2, key: key(7), count: 5, form: 'power' })(backend())
        const step = 1e-6
        const moved = { ...given[0], points: given[0].points.map((value, k) => (k === 0 ? value + step : value)) }
        const back = { ...given[0], points: given[0].points.map((value, k) => (k === 0 ? value - step : value)) }
        measured(backend(), d, [...given, moved, back], ([mu, nu, there, here]) => {
          const { value, mu: slopes, nu: others } = valueAndGradient(loss)(mu, nu)
          const [up, down] = [toNumber(loss)(there, nu), toNumber(loss)(here, nu)]
          const slope = slopes.points.dataSync()[0]
          const centre = value.dataSync()[0]
          // Where points tie, the two sides differ, and the gradient is one between them.
          const [right, left] = [(up - centre) / step, (centre - down) / step]
          expect(slope).toBeLessThanOrEqual(Math.max(left, right) + 1e-4)
          expect(slope).toBeGreaterThanOrEqual(Math.min(left, right) - 1e-4)
          dispose([value, slopes, others] as unknown as TensorContainer)
        })
      }),
      times,
    )
  })
})

describe('directions', () => {
  const draw = (kind: 'random' | 'orthogonal' | 'quasi', count: number, d: number) =>
    directionsOf('test', { key: key(3), count, kind })(d).rows

  test('have length one, whatever the kind', () => {
    for (const kind of ['random', 'orthogonal', 'quasi'] as const)
      for (const d of [1, 2, 3, 4, 5])
        for (const row of draw(kind, 23, d)) expect(Math.abs(Math.hypot(...row) - 1)).toBeLessThanOrEqual(1e-12)
  })

  test('are as many as one asks for, whatever the kind', () => {
    for (const kind of ['random', 'orthogonal', 'quasi'] as const)
      for (const d of [1, 2, 3, 4]) for (const count of [1, 2, 7]) expect(draw(kind, count, d)).toHaveLength(count)
  })

  test('of the quasi-random kind are what they were in earlier versions', () => {
    const recorded = [
      [0.731515421831944, 0.24840591080301497, 0.6349643226986521],
      [-0.4208285718277318, 0.8326628908025921, -0.19076533175794078, 0.3052612186521325],
    ]
    for (const row of recorded)
      draw('quasi', 5, row.length)[0].forEach((value, k) => expect(value).toBeCloseTo(row[k], 12))
  })

  test('of the quasi-random kind average a form of the fourth degree as the sphere does', () => {
    for (const d of [2, 3, 4, 5, 6]) {
      const rows = draw('quasi', 3000, d)
      for (let i = 0; i < d; i += 1)
        for (let j = 0; j < d; j += 1) {
          const mean = rows.reduce((sum, row) => sum + row[i] ** 2 * row[j] ** 2, 0) / rows.length
          expect(Math.abs(mean - (i === j ? 3 : 1) / (d * (d + 2)))).toBeLessThanOrEqual(2e-3)
        }
    }
  })

  test('of the orthogonal kind are so in groups', () => {
    const rows = draw('orthogonal', 8, 4)
    for (const [i, j] of [[0, 1], [1, 3], [2, 3], [4, 7], [5, 6]])
      expect(Math.abs(rows[i].reduce((sum, value, k) => sum + value * rows[j][k], 0))).toBeLessThanOrEqual(1e-12)
  })

  test('of the quasi-random kind average a quadratic form better than independent ones', () => {
    for (const d of [2, 3, 4]) {
      const error = (kind: 'random' | 'quasi'): number => {
        const rows = draw(kind, 400, d)
        return Math.abs(rows.reduce((sum, row) => sum + row[0] ** 2, 0) / rows.length - 1 / d)
      }
      expect(error('quasi')).toBeLessThanOrEqual(5e-3)
      expect(error('quasi')).toBeLessThanOrEqual(error('random') + 1e-12)
    }
  })

  test('of the quasi-random kind average it exactly in the plane, and nearly so in space', () =>
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 3, max: 300 }), fc.constantFrom(2, 3), (seed, count, d) => {
        const { rows } = directionsOf('test', { key: key(seed), count, kind: 'quasi' })(d)
        const allowed = d === 2 ? 1e-12 : 0.6 / count
        for (let i = 0; i < d; i += 1)
          for (let j = 0; j < d; j += 1) {
            const mean = rows.reduce((sum, row) => sum + row[i] * row[j], 0) / count
            expect(Math.abs(mean - (i === j ? 1 / d : 0))).toBeLessThanOrEqual(allowed)
          }
      }),
    ))
})

describe('large clouds', () => {
  const gaussians = (count: number, seed: number): Float64Array => {
    let state = seed
    return Float64Array.from({ length: count }, () => {
      state = (state * 1103515245 + 12345) % 2147483648
      return Math.round((state / 2147483648) * 1e4) / 1e3 - 5
    })
  }

  test('are put in an order that is a permutation', () => {
    for (const d of [1, 2, 3, 5]) {
      const order = localOrder(gaussians(5000 * d, 3), 5000, d)
      expect(Array.from(order).toSorted((i, j) => i - j)).toEqual(Array.from({ length: 5000 }, (_, i) => i))
    }
  })

  test('are put in an order in which neighbours in space are mostly neighbours', () => {
    for (const d of [1, 2, 3, 5]) {
      const n = 5000
      const axes = Math.min(3, d)
      const points = gaussians(n * d, 3)
      const order = localOrder(points, n, d)
      let steps = 0
      for (let place = 1; place < n; place++)
        steps += Math.hypot(
          ...Array.from({ length: axes }, (_, k) => points[order[place] * d + k] - points[order[place - 1] * d + k]),
        )
      // Of points in a cube of side 10; a step between two of them at random is 5 or so.
      expect(steps / n).toBeLessThanOrEqual(18 * n ** (-1 / axes))
    }
  })

  test('are sorted in float64 where float32 tells no two of many points apart', () => {
    const n = 4500
    // Two far clusters, whose points differ by less than float32 has digits, in an order that takes many exchanges.
    const x = Float64Array.from({ length: n }, (_, i) => (i % 2 === 0 ? -1e9 : 1e9) + ((i * 7919) % n) / n)
    const y = x.map((value, i) => value + (i % 3) / 7)
    const weights = new Float64Array(n).fill(1 / n)
    const slices = slicer('test', { x, y, a: weights, b: weights, dimension: 1 }, 2, true)
    slices.along(Float64Array.of(1))
    const { x: order, y: other } = slices.orders()
    for (const [values, places] of [[x, order], [y, other]] as const) {
      expect(Array.from(places).toSorted((i, j) => i - j)).toEqual(Array.from({ length: n }, (_, i) => i))
      const sorted = values.toSorted()
      places.forEach((i, place) => expect(values[i]).toBe(sorted[place]))
    }
  })

  test.each([
    ['equal weights', false],
    ['weights', true],
  ])('have the value and slopes of a plain sort: %s', (_, weighted) => {
    const [n, d] = [6000, 2]
    const [x, y] = [gaussians(n * d, 5), gaussians(n * d, 9)]
    const weights = (seed: number): Float64Array => {
      const raw = weighted ? gaussians(n, seed).map((value) => value + 6) : new Float64Array(n).fill(1)
      const total = raw.reduce((sum, value) => sum + value, 0)
      return raw.map((value) => value / total)
    }
    const [a, b] = [weights(1), weights(2)]
    const direction = Float64Array.of(0.6, 0.8)
    const along = (points: Float64Array) => Float64Array.from({ length: n }, (__, i) => 0.6 * points[2 * i] + 0.8 * points[2 * i + 1])
    const [alongX, alongY] = [along(x), along(y)]
    const plain = emdSamples({ x: { data: alongX, shape: [n, 1] }, y: { data: alongY, shape: [n, 1] }, a, b, p: 2 })
    for (const exact of [true, false]) {
      const slices = slicer('test', { x, y, a, b, dimension: d }, 2, exact)
      slices.along(direction)
      expect(Math.abs(slices.value() - plain.cost)).toBeLessThanOrEqual(exact ? 1e-12 : 1e-6)
      expect(Math.abs(slices.valueAndGradient() - plain.cost)).toBeLessThanOrEqual(exact ? 1e-12 : 1e-6)
      const slopes = slices.slopes()
      const pull = new Float64Array(n)
      plain.plan.masses.forEach((mass, k) => {
        const [i, j] = [plain.plan.rows[k], plain.plan.columns[k]]
        pull[i] += 2 * mass * (alongX[i] - alongY[j])
      })
      // Points whose projections tie may have been matched either way; the sums do not care.
      const moment = (values: ArrayLike<number>, stride: number): number =>
        Array.from({ length: n }, (__, i) => values[i * stride] * alongX[i]).reduce((sum, value) => sum + value, 0)
      expect(Math.abs(moment(slopes.x, 2) - 0.6 * moment(pull, 1))).toBeLessThanOrEqual(exact ? 1e-10 : 1e-5)
    }
  })
})
