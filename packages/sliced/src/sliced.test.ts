import { tensorFrom } from '@monge/backend'
import type { Backend, SlicesProblem } from '@monge/backend'
import { emdSamples } from '@monge/exact'
import { toNumber, valueAndGradient, valueAndGradientIn } from '@monge/losses'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { dispose, matMul, reshape, sin, slice, transpose } from '@tensorflow/tfjs-core'
import type { Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { barycenter, decoded, directionsAt, flow, slicedCases } from '../fixtures/index.ts'
import { expectNear } from '../testing/near.ts'
import { farthestDirection, generalisedSliced, maxSliced, slicedPlan, slicedWasserstein } from './index.js'

type Rows = readonly (readonly number[])[]

const cloud = (backend: Backend, points: ArrayLike<number>, dimension: number, weights?: ArrayLike<number>): Measure =>
  backend.within(() => {
    const n = points.length / dimension
    return { weights: tensorFrom(weights ?? new Float64Array(n).fill(1 / n), [n]), points: tensorFrom(points, [n, dimension]) }
  })

const free = (...things: readonly unknown[]): void => {
  dispose([...things] as unknown as TensorContainer)
}

const turned = (rows: Rows): Rows => rows[0].map((_, column) => rows.map((row) => row[column]))

const close = { float64: 1e-9, float32: 1e-5 }

const cases = slicedCases.flatMap((each) => each.runs.map((run) => ({ ...each, run, title: `${each.name}, p = ${run.p}` })))

eachBackend('slicedWasserstein', (backend) => {
  const pair = (x: Rows, y: Rows, a: readonly number[] | null, b: readonly number[] | null) => [
    cloud(backend(), x.flat(), x[0].length, a ?? undefined),
    cloud(backend(), y.flat(), y[0].length, b ?? undefined),
  ]

  test.each(cases)('agrees with POT in value and gradient: $title', ({ x, y, a, b, projections_dxL, run }) => {
    const [mu, nu] = pair(x, y, a, b)
    const directions = turned(projections_dxL)
    const scale = Math.max(1, run.sliced ** run.p)
    const within = tolerance(backend(), close) * scale
    const root = valueAndGradient(slicedWasserstein({ p: run.p, directions })(backend()))(mu, nu)
    expect(Math.abs(root.value.dataSync()[0] - run.sliced)).toBeLessThanOrEqual(within)
    expectNear(root.mu.points.dataSync(), run.grad_x_of_root.flat(), within)
    const power = valueAndGradient(slicedWasserstein({ p: run.p, directions, form: 'power' })(backend()))(mu, nu)
    expectNear(power.mu.points.dataSync(), run.grad_x_of_pth_power.flat(), within)
    free(mu, nu, root, power)
  })

  test.each(cases)('is largest along the direction that POT finds: $title', ({ x, y, a, b, projections_dxL, run }) => {
    const [mu, nu] = pair(x, y, a, b)
    const directions = turned(projections_dxL)
    const within = tolerance(backend(), close) * Math.max(1, run.max_sliced)
    const largest = toNumber(maxSliced({ p: run.p, directions, steps: 0 })(backend()))(mu, nu)
    expect(Math.abs(largest - run.max_sliced)).toBeLessThanOrEqual(within)
    const optimal = toNumber(maxSliced({ p: run.p, directions })(backend()))(mu, nu)
    expect(optimal).toBeGreaterThanOrEqual(largest - within)
    const many = toNumber(maxSliced({ p: run.p, key: key(1), count: 800, steps: 0, kind: 'quasi' })(backend()))(mu, nu)
    expect(optimal).toBeGreaterThanOrEqual(many * (1 - 1e-3))
    free(mu, nu)
  })

  test("follows POT's gradient flow", () => {
    const target = cloud(backend(), flow.x2, 2)
    let x = Float64Array.from(flow.x1)
    const exact = backend().precision === 'float64'
    flow.angles.forEach((angles, step) => {
      const mu = cloud(backend(), x, 2)
      const loss = slicedWasserstein({ directions: directionsAt(angles) })(backend())
      const { value, gradient } = valueAndGradientIn('mu')(loss)(mu, target)
      const slopes = gradient.points.dataSync<'float32'>()
      const expected = flow.losses[step]
      // From then on the clouds have collapsed onto one another, and what float32 leaves of their difference is chaotic.
      const within = exact ? 1e-6 : step < 40 ? 1e-4 : Infinity
      expect(Math.abs(value.dataSync()[0] - expected)).toBeLessThanOrEqual(within * expected)
      if (step < flow.gradients.length) {
        const peer = decoded(flow.gradients[step])
        expectNear(slopes, peer, 1e-4 * Math.max(...peer.map(Math.abs)))
      }
      const rate = 1000 / (1 + step / 50)
      x = x.map((coordinate, k) => coordinate - rate * slopes[k])
      free(mu, value, gradient)
    })
    const shaped = (data: ArrayLike<number>) => ({ data, shape: [data.length / 2, 2] as const })
    const { distance } = emdSamples({ x: shaped(x), y: shaped(flow.x2) })
    expect(distance).toBeLessThanOrEqual(flow.finalW2 * (exact ? 1 + 1e-6 : 1.02))
    free(target)
  })

  test("follows POT's barycenter of two shapes", () => {
    const [third, first] = [cloud(backend(), barycenter.x3, 2), cloud(backend(), barycenter.x1, 2)]
    let x = Float64Array.from(barycenter.init)
    barycenter.losses.forEach((expected, step) => {
      const mu = cloud(backend(), x, 2)
      const [one, two] = [
        { to: third, angles: barycenter.angles3[step] },
        { to: first, angles: barycenter.angles1[step] },
      ].map(({ to, angles }) =>
        valueAndGradientIn('mu')(slicedWasserstein({ directions: directionsAt(angles) })(backend()))(mu, to),
      )
      const value = (one.value.dataSync()[0] + two.value.dataSync()[0]) / 2
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-4 * expected)
      const [left, right] = [one.gradient.points.dataSync<'float32'>(), two.gradient.points.dataSync<'float32'>()]
      const slopes = Float64Array.from(left, (slope, k) => (slope + right[k]) / 2)
      if (step < barycenter.gradients.length) {
        const peer = decoded(barycenter.gradients[step])
        expectNear(slopes, peer, 1e-4 * Math.max(...peer.map(Math.abs)))
      }
      x = x.map((coordinate, k) => coordinate - 1000 * slopes[k])
      free(mu, one, two)
    })
    free(third, first)
  })

  test('has no gradient where the measures coincide, and no NaN', () => {
    const points = [1, 2, 1, 2, -3, 0, 5, 5]
    for (const p of [1, 1.5, 2]) {
      const [mu, nu] = [cloud(backend(), points, 2), cloud(backend(), points, 2)]
      const same = valueAndGradient(slicedWasserstein({ p, key: key(3), count: 7 })(backend()))(mu, nu)
      expectNear(same.value.dataSync(), [0], 0)
      expectNear(same.mu.points.dataSync(), new Float64Array(points.length), 0)
      expectNear(same.nu.weights.dataSync(), new Float64Array(4), 0)
      free(mu, nu, same)
    }
  })

  test('pulls on weights by its potentials', () => {
    const { x, y, a, b } = slicedCases[1]
    const loss = slicedWasserstein({ p: 2, key: key(5), count: 9, form: 'power' })(backend())
    const [mu, nu] = pair(x, y, a, b)
    const { mu: slopes, value } = valueAndGradient(loss)(mu, nu)
    const f = slopes.weights.dataSync()
    // Mass goes from one point to another, and the totals stay.
    const step = tolerance(backend(), { float64: 1e-7, float32: 1e-3 })
    const moved = (a ?? []).map((weight, i) => weight + (i === 2 ? step : i === 4 ? -step : 0))
    const shifted = cloud(backend(), x.flat(), 2, moved)
    const change = (toNumber(loss)(shifted, nu) - value.dataSync()[0]) / step
    expect(Math.abs(change - (f[2] - f[4]))).toBeLessThanOrEqual(tolerance(backend(), { float64: 1e-5, float32: 2e-2 }))
    free(mu, nu, slopes, value, shifted)
  })

  // Each number of points fills a line of memory to its end, where the next thing begins.
  test.each([
    [4, 2],
    [8, 1],
    [8, 2],
    [16, 3],
  ])('moves each of %i points in dimension %i by what it is away from its partner along each direction', (n, d) => {
    const rows = (phase: number): Rows => Array.from({ length: n }, (_, i) => Array.from({ length: d }, (__, k) => Math.sin(3 * i * (k + 1) + phase)))
    const [x, y] = [rows(0), rows(1)]
    const directions = [0, 1, 2].map((l) => rows(2)[l]).map((row) => row.map((value) => value / Math.hypot(...row)))
    const expected = new Float64Array(n * d)
    for (const direction of directions) {
      const along = (row: readonly number[]): number => row.reduce((sum, value, k) => sum + value * direction[k], 0)
      const order = x.map((_, i) => i).toSorted((i, j) => along(x[i]) - along(x[j]))
      const partners = y.map(along).toSorted((left, right) => left - right)
      order.forEach((i, place) => {
        direction.forEach((value, k) => (expected[i * d + k] += (2 * (along(x[i]) - partners[place]) * value) / (3 * n)))
      })
    }
    const [mu, nu] = pair(x, y, null, null)
    const [there, back] = [[mu, nu], [nu, mu]].map(([from, to]) =>
      valueAndGradient(slicedWasserstein({ directions, form: 'power' })(backend()))(from, to),
    )
    expectNear(there.mu.points.dataSync(), expected, tolerance(backend(), { float64: 1e-13, float32: 1e-6 }))
    expectNear(back.nu.points.dataSync(), expected, tolerance(backend(), { float64: 1e-13, float32: 1e-6 }))
    free(mu, nu, there, back)
  })

  test('with linear projections of its own is the same loss', () => {
    const { x, y, a, b, projections_dxL } = slicedCases[1]
    const [mu, nu] = pair(x, y, a, b)
    const directions = turned(projections_dxL)
    const axes = backend().within(() => tensorFrom<Tensor2D>(directions.flat(), [directions.length, 2]))
    const own = generalisedSliced({ projections: (points) => matMul(points, transpose(axes)) })
    const one = valueAndGradient(own(backend()))(mu, nu)
    const other = valueAndGradient(slicedWasserstein({ directions })(backend()))(mu, nu)
    const within = tolerance(backend(), close)
    expectNear(one.value.dataSync(), other.value.dataSync(), within)
    expectNear(one.mu.points.dataSync(), other.mu.points.dataSync(), within)
    expectNear(one.nu.weights.dataSync(), other.nu.weights.dataSync(), within)
    free(mu, nu, one, other, axes)
  })

  test('finds the direction in which two lines of points are apart', () => {
    const [x, y] = [
      [0, 0, 1, 2, 2, 4],
      [0, 0, 1, 2, 2, 4],
    ]
    const mu = cloud(backend(), x, 2)
    const nu = cloud(backend(), y.map((value, k) => value + (k % 2 === 0 ? 3 : 4)), 2)
    const direction = farthestDirection({ key: key(1), count: 5 })(backend())(mu, nu)
    expectNear(direction.map(Math.abs), [0.6, 0.8], 1e-5)
    free(mu, nu)
  })

  // Where the slope all but vanishes, what is left of it is rounding, and no tangent: it made directions longer than 1.
  test.each<Rows>([
    [[1.4296875, 0], [0, 1.43359375]],
    [[-1.44140625, 0.6796875], [1.27734375, 0], [0.80078125, 1.82421875]],
  ])('finds a direction of norm 1 where the ascent has nowhere to go', (...rows) => {
    const [mu, nu] = pair([[0, 0]], rows, null, null)
    const direction = farthestDirection({ key: key(5), count: 4, steps: 10 })(backend())(mu, nu)
    expectNear([Math.hypot(...direction)], [1], 1e-15)
    free(mu, nu)
  })

  test('gives a feasible plan that costs no less than the best', () => {
    const { x, y, a, b } = slicedCases[1]
    const [mu, nu] = pair(x, y, a, b)
    const best = emdSamples({ x, y, a: a ?? [], b: b ?? [] }).cost
    const [least, mean] = (['least', 'mean'] as const).map((plan) =>
      slicedPlan({ key: key(2), count: 20, plan })(backend())(mu, nu),
    )
    const { weights } = toTyped(mu)
    for (const plan of [least, mean]) {
      const sums = new Float64Array(weights.length)
      plan.masses.forEach((mass, entry) => (sums[plan.rows[entry]] += mass))
      expectNear(sums, weights, 1e-6)
      expect(plan.cost).toBeGreaterThanOrEqual(best * (1 - 1e-5))
    }
    expect(least.cost).toBeLessThanOrEqual(mean.cost)
    free(mu, nu)
  })

  test('gives no mass to a point of weight zero that comes last, whatever rounding leaves over', () => {
    const mu = cloud(backend(), [0, 0.25], 1, [1, 0])
    for (const weights of [[0.8, 0.2], [1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6, 1 / 6]]) {
      const nu = cloud(backend(), weights.map(() => 0), 1, weights)
      for (const plan of ['least', 'mean'] as const)
        for (const directions of [[[1]], [[-1]]]) {
          expect(slicedPlan({ directions, plan })(backend())(mu, nu).rows).not.toContain(1)
          expect(slicedPlan({ directions, plan })(backend())(nu, mu).columns).not.toContain(1)
        }
      free(nu)
    }
    free(mu)
  })

  test('leaves no tensor behind', () => {
    withoutLeaks(() => {
      const [mu, nu] = [cloud(backend(), [0, 1, 2, 3], 2), cloud(backend(), [4, 5, 6, 8, 1, 1], 2)]
      const options = { key: key(4), count: 3 }
      const losses = [
        slicedWasserstein(options)(backend()),
        maxSliced(options)(backend()),
        generalisedSliced({ projections: (points) => sin(points) })(backend()),
      ]
      return { mu, nu, values: losses.map((loss) => loss(mu, nu)), all: losses.map((loss) => valueAndGradient(loss)(mu, nu)) }
    })
  })

  test('refuses masses, dimensions and options that do not fit', () => {
    const [mu, nu] = [cloud(backend(), [0, 1, 2, 3], 2), cloud(backend(), [4, 5], 2, [2])]
    const loss = slicedWasserstein({ key: key(4), count: 3 })(backend())
    expect(() => loss(mu, nu)).toThrow(/total masses/)
    expect(() => slicedWasserstein({ directions: [[1, 0, 0]] })(backend())(mu, mu)).toThrow(/dimension 3/)
    expect(() => slicedWasserstein({ directions: [[0, 0]] })).toThrow(/length 0/)
    expect(() => slicedWasserstein({ key: key(1) })).toThrow(/a key and a count/)
    expect(() => slicedWasserstein({ p: 0.9, key: key(1), count: 3 })).toThrow(/at least 1/)
    for (const extra of [{ key: key(1) }, { count: 3 }, { kind: 'random' }] as const)
      expect(() => slicedWasserstein({ directions: [[1, 0]], ...extra })).toThrow(/got both/)
    free(mu, nu)
  })

  test('refuses projections that are not rows of numbers, one for each point', () => {
    const [mu, nu] = [cloud(backend(), [0, 1, 2, 3], 2), cloud(backend(), [4, 5, 6, 7], 2)]
    const wrong = [(points: Tensor2D) => reshape(points, [4]), (points: Tensor2D) => slice(points, [0, 0], [1, 2])]
    for (const projections of wrong)
      expect(() => generalisedSliced({ projections: projections as (points: Tensor2D) => Tensor2D })(backend())(mu, nu)).toThrow(
        /expected \[2, L\]/,
      )
    free(mu, nu)
  })

  test('scales the second measure to the mass of the first, within a millionth of it', () => {
    const value = (mass: number, other: number): number => {
      const [mu, nu] = [cloud(backend(), [1, 2], 2, [mass]), cloud(backend(), [1, 5], 2, [other])]
      try {
        return toNumber(slicedWasserstein({ directions: [[0, 1]], form: 'power' })(backend()))(mu, nu)
      } finally {
        free(mu, nu)
      }
    }
    expect(value(1000, 1000.0005) / 9000).toBeCloseTo(1, 5)
    expect(value(0.001, 0.0010000005) / 0.009).toBeCloseTo(1, 5)
    expect(() => value(1000, 1000.01)).toThrow(/total masses/)
    expect(() => value(0.001, 0.00101)).toThrow(/total masses/)
  })

  test('leaves slicing to a backend that can', () => {
    const [mu, nu] = [cloud(backend(), [0, 1, 2, 3], 2), cloud(backend(), [4, 5, 6, 7], 2)]
    const asked: SlicesProblem[] = []
    const place = {
      ...backend(),
      slices: (problem: SlicesProblem) => {
        asked.push(problem)
        return { values: Float64Array.of(3, 5), slopes: undefined }
      },
    }
    const directions = [[1, 0], [0, 2]]
    expect(toNumber(slicedWasserstein({ p: 2, directions })(place))(mu, nu)).toBeCloseTo(2, 6)
    expect(asked.map((problem) => [...problem.directions])).toEqual([[1, 0, 0, 1]])
    free(mu, nu)
  })

  test('ascends from as many of the best directions as it is told, and keeps the highest peak', () => {
    const [mu, nu] = [cloud(backend(), [-2, -1, 0, 0, 4, 2], 2), cloud(backend(), [1, -3, -2, 2, 2, 0], 2)]
    const directions = [[1, 0], [0, 1]]
    const [one, two] = [1, 2].map((starts) => toNumber(maxSliced({ directions, starts })(backend()))(mu, nu))
    // The second best direction leads to the higher peak.
    expect(two).toBeGreaterThan(1.1 * one)
    free(mu, nu)
  })

  test.each([1, 2, 3])('a plan costs what its entries come to, each pair there once, for p = %s', (p) => {
    const { x, y, a, b } = slicedCases[1]
    const [mu, nu] = pair(x, y, a, b)
    for (const plan of ['least', 'mean'] as const) {
      const { rows, columns, masses, cost, shape } = slicedPlan({ p, key: key(2), count: 20, plan })(backend())(mu, nu)
      const total = masses.reduce(
        (sum, mass, k) => sum + mass * Math.hypot(...x[rows[k]].map((value, axis) => value - y[columns[k]][axis])) ** p,
        0,
      )
      expect(Math.abs(cost - total)).toBeLessThanOrEqual(1e-5 * total)
      const places = Array.from(rows, (row, k) => row * shape[1] + columns[k])
      expect(new Set(places).size).toBe(places.length)
      const inOrder = plan === 'least' || places.every((place, k) => k === 0 || place > places[k - 1])
      expect(inOrder).toBe(true)
    }
    expect(slicedPlan({ key: key(2), count: 20 })(backend())(mu, nu).cost).toBe(slicedPlan({ p: 2, key: key(2), count: 20 })(backend())(mu, nu).cost)
    free(mu, nu)
  })
})
