import { tensorFrom } from '@monge/backend'
import { matMul, memory, mul, neg, sqrt, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  cosine,
  euclidean,
  evaluate,
  fromFunction,
  fromMatrix,
  geometry,
  gradient,
  halfSquaredEuclidean,
  lp,
  lpPower,
  mahalanobis,
  matrix,
  normalisedPower,
  power,
  pullback,
  radial,
  scaled,
  squaredEuclidean,
  weightedEuclidean,
} from './index.js'
import type { Cost } from './index.js'

const points = (rows: readonly (readonly number[])[]): Tensor2D =>
  tensorFrom(rows.flat(), [rows.length, rows[0]?.length ?? 0])

const dotProduct = fromFunction('negative product', (x, y) => neg(matMul(x, y, false, true)), {
  symmetric: true,
})

eachBackend('costs', (backend) => {
  const expectNear = (actual: ArrayLike<number>, expected: readonly number[]): void => {
    const allowed = tolerance(backend(), { float64: 1e-12, float32: 2e-6 })
    expect(actual.length).toBe(expected.length)
    expected.forEach((value, i) =>
      expect(Math.abs((actual[i] ?? Number.NaN) - value), `entry ${i}: ${actual[i]} for ${value}`).toBeLessThanOrEqual(
        allowed * Math.max(1, Math.abs(value)),
      ),
    )
  }

  const x = () =>
    points([
      [1, 2],
      [0, 0],
      [3, -4],
    ])
  const y = () =>
    points([
      [1, 2],
      [3, 4],
      [0, 0],
    ])

  test.each(
    (
      [
        [squaredEuclidean, [0, 25, 25]],
        [halfSquaredEuclidean, [0, 12.5, 12.5]],
        [euclidean, [0, 5, 5]],
        [power(3), [0, 125, 125]],
        [power(0.5), [0, Math.sqrt(5), Math.sqrt(5)]],
        [normalisedPower(3), [0, 125 / 3, 125 / 3]],
        [lp(1), [0, 7, 7]],
        [lp(3), [0, Math.cbrt(91), Math.cbrt(91)]],
        [lpPower(1, 2), [0, 49, 49]],
        [lpPower(4, 4), [0, 337, 337]],
        [weightedEuclidean([4, 1]), [0, 52, 52]],
        [weightedEuclidean([4, 0], { squared: false }), [0, 6, 6]],
        [
          mahalanobis([
            [2, 1],
            [1, 3],
          ]),
          [0, 90, 42],
        ],
        [
          mahalanobis(
            [
              [2, 1],
              [1, 3],
            ],
            { squared: false },
          ),
          [0, Math.sqrt(90), Math.sqrt(42)],
        ],
        [scaled(0.1)(euclidean), [0, 0.5, 0.5]],
        [radial('fourth power', (s) => square(s)), [0, 625, 625]],
        [dotProduct, [-5, 0, 0]],
        [pullback((z) => mul(z, tensorFrom([2], [])))(euclidean), [0, 10, 10]],
      ] as [Cost, number[]][]
    ).map(([cost, expected]) => [cost.name, cost, expected] as const),
  )('%s has the values of its formula', (_, cost, expected) => {
    expectNear(evaluate(cost)(x(), y()).dataSync(), expected)
  })

  test('cosine is one minus the cosine of the angle, and forgives zero vectors', () => {
    const left = points([
      [1, 0],
      [1, 1],
      [0, 0],
      [1e-25, 0],
      [3e18, 3e18],
    ])
    const right = points([
      [0, 2],
      [3, 0],
      [1, 0],
      [-1, 0],
      [0, 1e-20],
    ])
    expectNear(evaluate(cosine)(left, right).dataSync(), [1, 1 - Math.SQRT1_2, 0.5, 2, 1 - Math.SQRT1_2])
    const slopes = gradient(cosine)(
      points([
        [0, 0],
        [1, 1],
      ]),
      points([
        [1, 0],
        [3, 0],
      ]),
    ).dataSync()
    expectNear(slopes, [0, 0, -(2 ** -1.5), 2 ** -1.5])
  })

  test.each(
    [euclidean, power(0.5), power(1.5), power(3), lp(1), lp(1.5), lpPower(3, 0.5), radial('root', (s) => sqrt(s))].map(
      (cost) => [cost.name, cost] as const,
    ),
  )('%s has gradient zero at coinciding points', (_, cost) =>
    expectNear(gradient(cost)(x(), x()).dataSync(), [0, 0, 0, 0, 0, 0]),
  )

  test('the L1 gradient is zero in each coordinate that coincides', () => {
    expectNear(
      gradient(lp(1))(
        points([
          [1, 2],
          [5, 5],
        ]),
        points([
          [1, 5],
          [0, 5],
        ]),
      ).dataSync(),
      [0, -1, 1, 0],
    )
  })

  test('the same tensor may be passed for both arguments', () => {
    const same = x()
    expectNear(gradient(squaredEuclidean)(same, same).dataSync(), [0, 0, 0, 0, 0, 0])
  })

  test('a matrix is taken as it stands, and does not change with the points', () => {
    const rows = [
      [0.1, 2, 3],
      [4, 5, 6],
    ]
    const cost = fromMatrix(rows, backend())
    expect(cost.symmetric).toBe(false)
    expectNear(matrix(cost)(points([[0], [0]]), points([[0], [0], [0]])).dataSync(), rows.flat())
    expectNear(
      matrix(scaled(10)(cost))(points([[0], [0]]), points([[0], [0], [0]])).dataSync(),
      [1, 20, 30, 40, 50, 60],
    )
    const even = fromMatrix({ data: [0, 1, 2, 1, 0, 3, 2, 3, 0.1], shape: [3, 3] })
    expect(even.symmetric).toBe(true)
    expectNear(evaluate(even)(x(), y()).dataSync(), [0, 0, 0.1])
    expectNear(gradient(even)(x(), y()).dataSync(), [0, 0, 0, 0, 0, 0])
  })

  test('a matrix copies what it is made from', () => {
    const data = new Float64Array([1, 2])
    const cost = fromMatrix({ data, shape: [1, 2] }, backend())
    data[0] = 7
    expectNear(matrix(cost)(points([[0]]), points([[0], [0]])).dataSync(), [1, 2])
  })

  test('a matrix of another size than the clouds is an error', () => {
    const cost = fromMatrix([[1, 2]])
    expect(() => matrix(cost)(x(), y())).toThrow(/fromMatrix: a matrix of shape \[1, 2\] for 3 and 3 points/)
    expect(() => evaluate(cost)(x(), y())).toThrow(/fromMatrix/)
  })

  test('clouds of different dimension or number are an error', () => {
    expect(() => matrix(euclidean)(x(), points([[1]]))).toThrow(/dimension 2 and 1/)
    expect(() => evaluate(euclidean)(x(), points([[1, 2]]))).toThrow(/3 points against 1/)
    expect(() => matrix(weightedEuclidean([1, 2, 3]))(x(), y())).toThrow(/3 weights for points of dimension 2/)
    expect(() => matrix(mahalanobis([[1]]))(x(), y())).toThrow(/1-by-1 matrix/)
  })

  test("a user's function with a result of the wrong shape is an error", () => {
    const broken = fromFunction('broken', (left) => left)
    expect(() => matrix(broken)(x(), points([[1, 2]]))).toThrow(
      /cost broken: expected a result of shape \[3, 1\], got \[3, 2\]/,
    )
  })

  test('a geometry sees the features, and leaves the points alone', () => {
    const cost = weightedEuclidean([4, 1])
    const [left, right] = [x(), y()]
    const made = geometry(cost)(backend())(left, right)
    expectNear(made.entries(0, 3), [...matrix(cost)(left, right).dataSync()])
    made.dispose()
    expectNear(left.dataSync(), [1, 2, 0, 0, 3, -4])
  })

  test('nothing leaves a tensor behind', () => {
    const [left, right] = [x(), y()]
    for (const cost of [
      euclidean,
      lp(3),
      cosine,
      mahalanobis([
        [2, 1],
        [1, 3],
      ]),
      dotProduct,
    ]) {
      withoutLeaks(() => evaluate(cost)(left, right))
      withoutLeaks(() => matrix(cost)(left, right))
      withoutLeaks(() => gradient(cost)(left, right))
    }
    for (const cost of [
      power(1.5),
      lpPower(3, 2),
      mahalanobis([
        [2, 1],
        [1, 3],
      ]),
    ]) {
      withoutLeaks(() => [cost.legendreDual?.value(left), cost.legendreDual?.gradient(left)])
    }
    const before = memory().numTensors
    geometry(cosine)(backend())(left, right).dispose()
    expect(memory().numTensors).toBe(before)
  })

  test('costs can be differentiated where points coincide', () => {
    expectNear(sum(matrix(euclidean)(x(), x())).dataSync(), [2 * (Math.sqrt(5) + Math.sqrt(40) + 5)])
  })
})

describe('options', () => {
  test.each<[() => Cost, RegExp]>([
    [() => power(0), /power: p: expected a number above 0, got 0/],
    [() => power(Number.NaN), /power: p/],
    [() => normalisedPower(-1), /normalisedPower: p/],
    [() => lp(0.5), /lp: order: expected a number of at least 1, got 0.5/],
    [() => lp(Number.POSITIVE_INFINITY), /lp: order/],
    [() => lpPower(2, 0), /lpPower: exponent/],
    [() => scaled(0)(euclidean), /scaled: factor/],
    [() => weightedEuclidean([1, -1]), /weightedEuclidean: weights\[1\]/],
    [() => weightedEuclidean([]), /at least one weight/],
    [() => weightedEuclidean([1], { sqared: true } as object), /unknown option "sqared"/],
    [
      () =>
        mahalanobis([
          [1, 2],
          [2, 1],
        ]),
      /positive definite/,
    ],
    [
      () =>
        mahalanobis([
          [1, 2],
          [0, 1],
        ]),
      /symmetric/,
    ],
    [() => mahalanobis([]), /symmetric/],
    [() => mahalanobis([[1, 1], [1, 1]]), /positive definite/],
    [() => mahalanobis([[1e-6, 1e-9], [0, 1e-6]]), /symmetric/],
    [() => fromMatrix([[1, Number.NaN]]), /entry \[0, 1\] is NaN/],
    [() => fromMatrix([[1, 2], [3]]), /3 entries do not make a matrix \[2, 2\]/],
    [() => fromMatrix([]), /0 entries do not make a matrix \[0, 0\]/],
    [() => fromMatrix({ data: [1, 2, 3], shape: [2, 2] }), /3 entries/],
  ])('%s is refused', (make, message) => {
    expect(make).toThrow(message)
  })

  test('a matrix may be symmetric within the rounding of its entries', () => {
    expect(() => mahalanobis([[1e6, 1e-7], [0, 1e6]])).not.toThrow()
  })

  test('each cost says what it knows', () => {
    expect(euclidean).toMatchObject({ symmetric: true, translationInvariant: true, metric: true, degree: 1 })
    expect(squaredEuclidean).toMatchObject({ metric: false, degree: 2 })
    expect(power(0.5)).toMatchObject({ metric: true, degree: 0.5 })
    expect(lp(1)).toMatchObject({ metric: true, degree: 1 })
    expect(lp(2)).toMatchObject({ pairwise: { tag: 'radial' } })
    expect(cosine).toMatchObject({ symmetric: true, translationInvariant: false, metric: false, degree: 0 })
    expect(weightedEuclidean([1, 0], { squared: false })).toMatchObject({ metric: false, translationInvariant: true })
    expect(weightedEuclidean([1, 2], { squared: false })).toMatchObject({ metric: true })
    expect(fromFunction('mine', (x) => x)).toMatchObject({ symmetric: false, metric: false })
    expect([euclidean, lp(1), lpPower(1, 2), power(1), cosine].map((cost) => cost.legendreDual)).toEqual(
      Array.from({ length: 5 }),
    )
  })
})
