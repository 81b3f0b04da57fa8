import fc from 'fast-check'
import { key } from '@monge/random'
import { grad, grads, memory, mul, square, sum as total, tidy } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import {
  cloudArbitrary,
  eachBackend,
  pairArbitrary,
  permutationArbitrary,
  rigidMapArbitrary,
  tolerance,
  vectorArbitrary,
  withoutLeaks,
} from '../../../tooling/testing/src/index.ts'
import type { Cloud } from '../../../tooling/testing/src/index.ts'
import {
  affine,
  boundingBox,
  centre,
  covariance,
  diameter,
  disposeMeasure,
  equals,
  fromArrays,
  mass,
  mean,
  measureOrThrow,
  mergeDuplicates,
  mixture,
  moment,
  normalise,
  product,
  pushforward,
  restrict,
  reweight,
  sample,
  scale,
  subsample,
  sum,
  toArrays,
  toTyped,
  translate,
  withPoints,
} from './index.js'
import type { Measure } from './index.js'

const measureOf = ({ points, weights }: Cloud): Measure => measureOrThrow(fromArrays(points, weights))

const dimensionOf = ({ points }: Cloud): number => points[0]?.length ?? 0

/** Runs the body with the measures of the clouds, and asserts that nothing else is left of it. */
const given = <A>(clouds: readonly Cloud[], body: (...measures: readonly Measure[]) => A): A => {
  const before = memory().numTensors
  const measures = clouds.map(measureOf)
  const result = body(...measures)
  for (const mu of measures) disposeMeasure(mu)
  expect(memory().numTensors - before, 'tensors left behind').toBe(0)
  return result
}

/** What a measure holds; it is disposed of. */
const contents = (mu: Measure): Cloud => {
  const arrays = toArrays(mu)
  disposeMeasure(mu)
  return arrays
}

const valuesOf = (tensor: Tensor): number[] => {
  const values = Array.from(tensor.dataSync())
  tensor.dispose()
  return values
}

const totalOf = (values: readonly number[]): number => values.reduce((so, value) => so + value, 0)

const largestOf = (...lists: readonly (readonly number[])[]): number => Math.max(...lists.flat().map(Math.abs), 0)

eachBackend('the algebra of measures', (backend) => {
  const unit = () => tolerance(backend(), { float64: 2 ** -52, float32: 2 ** -23 })

  /** Entrywise within some units in the last place of the largest number involved. */
  const expectClose = (found: readonly number[], expected: readonly number[], size: number, units: number = 16) => {
    expect(found).toHaveLength(expected.length)
    for (const [index, value] of expected.entries())
      expect(Math.abs((found[index] ?? NaN) - value), `entry ${index}: ${String(found[index])} for ${value}`).toBeLessThanOrEqual(
        units * unit() * size,
      )
  }

  const expectSame = (found: Cloud, expected: Cloud, size: number = largestOf(...expected.points)) => {
    expect(found.points.map((point) => point.length)).toEqual(expected.points.map((point) => point.length))
    expectClose(found.points.flat(), expected.points.flat(), size)
    expectClose(found.weights, expected.weights, largestOf(expected.weights))
  }

  const law = <A>(arbitrary: fc.Arbitrary<A>, body: (value: A) => void) => {
    fc.assert(fc.property(arbitrary, body))
  }

  const withVector = cloudArbitrary({ settings: ['near', 'far'] }).chain((cloud) =>
    fc.record({ cloud: fc.constant(cloud), vector: vectorArbitrary(dimensionOf(cloud)) }),
  )

  describe('reading back', () => {
    test('gives what was put in, as arrays and as typed arrays', () => {
      law(cloudArbitrary(), (cloud) => {
        given([cloud], (mu) => {
          expect(toArrays(mu).points).toEqual(cloud.points)
          expectClose(toArrays(mu).weights, cloud.weights, 1, 1)
          const { points, n, d } = toTyped(mu)
          expect(Array.from(points)).toEqual(cloud.points.flat())
          expect([n, d]).toEqual([cloud.points.length, dimensionOf(cloud)])
          expect(points.BYTES_PER_ELEMENT).toBe(backend().precision === 'float64' ? 8 : 4)
        })
      })
    })

    test('gives copies', () => {
      given([{ points: [[1]], weights: [1] }], (mu) => {
        const read = toTyped(mu)
        read.points.fill(7)
        read.weights.fill(7)
        expect(toArrays(mu)).toEqual({ points: [[1]], weights: [1] })
      })
    })

    test('sums the mass', () => {
      law(cloudArbitrary({ mass: 'any' }), (cloud) => {
        expect(given([cloud], (mu) => mass(mu))).toBe(totalOf(cloud.weights))
      })
    })
  })

  describe('maps of the points', () => {
    test('translate, and back is where it was', () => {
      law(withVector, ({ cloud, vector }) => {
        given([cloud], (mu) => {
          const moved = translate(vector)(mu)
          expectSame(contents(translate(vector.map((entry) => -entry))(moved)), cloud, 1 + largestOf(...cloud.points))
          expectSame(contents(moved), {
            ...cloud,
            points: cloud.points.map((point) => point.map((entry, axis) => entry + (vector[axis] ?? 0))),
          })
        })
      })
    })

    test('scale by the product of factors is scaling twice', () => {
      law(fc.record({ cloud: cloudArbitrary(), factor: fc.integer({ min: -40, max: 40 }) }), ({ cloud, factor }) => {
        given([cloud], (mu) => {
          const once = scale(factor / 8)(mu)
          const expected = cloud.points.map((point) => point.map((entry) => (entry * factor) / 8))
          expectSame(contents(scale(2)(once)), { ...cloud, points: expected.map((point) => point.map((entry) => 2 * entry)) })
          expectSame(contents(once), { ...cloud, points: expected })
        })
      })
    })

    test('factors have the full precision of the backend', () => {
      given([{ points: [[1]], weights: [1] }], (mu) => {
        expectClose(contents(scale(0.1)(mu)).points.flat(), [0.1], 0.1, 1)
        expectClose(contents(translate([0.1])(mu)).points.flat(), [1.1], 1.1, 1)
        expectClose(contents(affine({ matrix: [[0.1]], offset: [0.2] })(mu)).points.flat(), [0.1 + 0.2], 0.3, 1)
        expectClose(contents(mixture([0.1])([mu])).weights, [0.1], 0.1, 1)
      })
    })

    test('affine maps multiply by the matrix and add the offset', () => {
      const arbitrary = cloudArbitrary().chain((cloud) =>
        fc.record({ cloud: fc.constant(cloud), map: rigidMapArbitrary(dimensionOf(cloud)) }),
      )
      law(arbitrary, ({ cloud, map }) => {
        const points = cloud.points.map((point) =>
          map.matrix.map((row, k) => (map.offset[k] ?? 0) + totalOf(row.map((entry, axis) => entry * (point[axis] ?? 0)))),
        )
        given([cloud], (mu) => {
          expectSame(contents(affine(map)(mu)), { ...cloud, points }, 4 + 3 * largestOf(...cloud.points))
        })
      })
    })

    test('affine maps change the dimension', () => {
      given([{ points: [[1, 2], [3, 4]], weights: [1, 2] }], (mu) => {
        expect(contents(affine({ matrix: [[1, 1]] })(mu))).toEqual({ points: [[3], [7]], weights: [1, 2] })
        expect(contents(affine({ matrix: [[1, 0], [0, 1], [1, -1]], offset: [0, 0, 5] })(mu)).points).toEqual([
          [1, 2, 4],
          [3, 4, 4],
        ])
      })
    })

    test('pushforwards compose', () => {
      law(cloudArbitrary({ settings: ['near'] }), (cloud) => {
        given([cloud], (mu) => {
          const inner = pushforward((points) => square(points))(mu)
          const stepwise = contents(pushforward((points) => mul(points, points))(inner))
          disposeMeasure(inner)
          expectSame(stepwise, contents(pushforward((points) => square(square(points)))(mu)), 16)
        })
      })
    })

    test('the identity gives a measure of its own', () => {
      given([{ points: [[1]], weights: [1] }], (mu) => {
        disposeMeasure(pushforward((points) => points)(mu))
        expect(toArrays(mu).points).toEqual([[1]])
      })
    })

    test('centring makes the mean zero, wherever the cloud lies', () => {
      law(cloudArbitrary({ mass: 'any' }), (cloud) => {
        given([cloud], (mu) => {
          const centred = centre(mu)
          expectClose(valuesOf(mean(centred)), Array.from({ length: dimensionOf(cloud) }, () => 0), largestOf(...cloud.points), 2)
          disposeMeasure(centred)
        })
      })
    })
  })

  describe('combinations', () => {
    test('a mixture is all points with weighted weights', () => {
      const arbitrary = fc.record({ pair: pairArbitrary(), share: fc.nat({ max: 8 }) })
      law(arbitrary, ({ pair: { mu, nu }, share }) => {
        given([mu, nu], (...measures) => {
          const mixed = contents(mixture([share / 8, 1 - share / 8])(measures))
          expectSame(mixed, {
            points: [...mu.points, ...nu.points],
            weights: [...mu.weights.map((weight) => (weight * share) / 8), ...nu.weights.map((weight) => weight * (1 - share / 8))],
          })
          expect(Math.abs(totalOf([...mixed.weights]) - 1)).toBeLessThan(32 * unit())
        })
      })
    })

    test('sums are associative and their masses add', () => {
      law(pairArbitrary({ mass: 'any', maxPoints: 4 }), ({ mu: first, nu: second }) => {
        given([first, second], (mu, nu) => {
          if (mu === undefined || nu === undefined) return
          const left = sum([mu, nu])
          const grouped = contents(sum([left, mu]))
          expect(mass(left)).toBe(totalOf([...first.weights, ...second.weights]))
          disposeMeasure(left)
          const right = sum([nu, mu])
          expect(contents(sum([mu, right]))).toEqual(grouped)
          disposeMeasure(right)
        })
      })
    })

    test('a product has all pairs, and the product of the masses', () => {
      law(pairArbitrary({ maxPoints: 5 }), ({ mu, nu }) => {
        given([mu, nu], (first, second) => {
          if (first === undefined || second === undefined) return
          expectSame(contents(product(second)(first)), {
            points: mu.points.flatMap((x) => nu.points.map((y) => [...x, ...y])),
            weights: mu.weights.flatMap((a) => nu.weights.map((b) => a * b)),
          })
        })
      })
    })

    test('a normalised measure has mass 1 and the same shares', () => {
      law(cloudArbitrary({ mass: 'any' }), (cloud) => {
        given([cloud], (mu) => {
          const whole = totalOf([...cloud.weights])
          expectSame(contents(normalise(mu)), { ...cloud, weights: cloud.weights.map((weight) => weight / whole) })
        })
      })
    })
  })

  describe('selections', () => {
    test('a restriction keeps what passes, in order', () => {
      law(cloudArbitrary(), (cloud) => {
        // The last point of a cloud always has weight.
        const last = cloud.points.length - 1
        const passes = (_: unknown, weight: number, index: number) => (index % 2 === 0 && weight > 0) || index === last
        const kept = cloud.points.flatMap((_, index) => (passes(_, cloud.weights[index] ?? 0, index) ? [index] : []))
        given([cloud], (mu) => {
          expectSame(contents(measureOrThrow(restrict(passes)(mu))), {
            points: kept.map((index) => cloud.points[index] ?? []),
            weights: kept.map((index) => cloud.weights[index] ?? NaN),
          })
        })
      })
    })

    test('a restriction sees the coordinates', () => {
      given([{ points: [[1, 2], [3, 4]], weights: [1, 0] }], (mu) => {
        expect(contents(measureOrThrow(restrict(([x = 0]) => x < 2)(mu))).points).toEqual([[1, 2]])
        expect(restrict(([x = 0]) => x > 2)(mu)).toEqual({ _tag: 'Left', left: { tag: 'ZeroMass' } })
        expect(restrict(([x = 0]) => x > 4)(mu)).toEqual({ _tag: 'Left', left: { tag: 'EmptyMeasure' } })
      })
    })

    test('merged duplicates are different points of the same mass', () => {
      law(cloudArbitrary({ shapes: ['duplicates', 'zero weights'] }), (cloud) => {
        const names = [...new Set(cloud.points.map((point) => point.join()))]
        given([cloud], (mu) => {
          const merged = contents(mergeDuplicates(mu))
          expect(merged.points.map((point) => point.join())).toEqual(names)
          expectClose(
            merged.weights,
            names.map((name) => totalOf(cloud.weights.filter((_, index) => cloud.points[index]?.join() === name))),
            1,
          )
        })
      })
    })

    test('zero and minus zero are the same place', () => {
      given([{ points: [[0], [-0]], weights: [1, 2] }], (mu) => {
        expect(contents(mergeDuplicates(mu)).weights).toEqual([3])
      })
    })

    test('a sample has points of the cloud, of positive weight, and shares the mass equally', () => {
      law(fc.record({ cloud: cloudArbitrary({ mass: 'any' }), seed: fc.nat() }), ({ cloud, seed }) => {
        const drawable = new Set(cloud.points.filter((_, index) => (cloud.weights[index] ?? 0) > 0).map((point) => point.join()))
        given([cloud], (mu) => {
          const drawn = contents(sample(5, key(seed))(mu))
          expect(drawn.points.every((point) => drawable.has(point.join()))).toBe(true)
          const share = totalOf([...cloud.weights]) / 5
          expectClose(drawn.weights, Array.from({ length: 5 }, () => share), share)
          expect(contents(sample(5, key(seed))(mu))).toEqual(drawn)
        })
      })
    })

    test('a sample follows the weights', () => {
      given([{ points: [[0], [1], [2]], weights: [1, 0, 3] }], (mu) => {
        const { points } = contents(sample(4000, key(1))(mu))
        const twos = points.filter(([x]) => x === 2).length
        expect(Math.abs(twos - 3000)).toBeLessThan(4 * Math.sqrt(4000 * 0.75 * 0.25))
      })
    })

    test('a subsample has different points and the whole mass', () => {
      law(fc.record({ cloud: cloudArbitrary({ mass: 'any' }), seed: fc.nat() }), ({ cloud, seed }) => {
        const candidates = cloud.points.filter((_, index) => (cloud.weights[index] ?? 0) > 0).map((point) => point.join())
        const count = 1 + (seed % candidates.length)
        given([cloud], (mu) => {
          const { points, weights } = contents(subsample(count, key(seed))(mu))
          expect(points).toHaveLength(count)
          const whole = totalOf([...cloud.weights])
          expectClose([totalOf([...weights])], [whole], whole)
          const drawn = points.map((point) => point.join())
          const times = (names: readonly string[], name: string) => names.filter((one) => one === name).length
          for (const name of drawn) expect(times(drawn, name)).toBeLessThanOrEqual(times(candidates, name))
        })
      })
    })
  })

  describe('moments', () => {
    test('mean and covariance are those of the plain sums', () => {
      law(cloudArbitrary({ mass: 'any', settings: ['near', 'tiny', 'huge'] }), (cloud) => {
        const { points, weights } = cloud
        const whole = totalOf([...weights])
        const average = (value: (point: readonly number[]) => number) =>
          totalOf(points.map((point, index) => (weights[index] ?? 0) * value(point))) / whole
        const axes = Array.from({ length: dimensionOf(cloud) }, (_, axis) => axis)
        const middle = axes.map((axis) => average((point) => point[axis] ?? 0))
        const spread = axes.flatMap((i) =>
          axes.map((j) => average((point) => ((point[i] ?? 0) - (middle[i] ?? 0)) * ((point[j] ?? 0) - (middle[j] ?? 0)))),
        )
        const size = largestOf(...points)
        given([cloud], (mu) => {
          expectClose(valuesOf(mean(mu)), middle, size)
          expectClose(valuesOf(covariance(mu)), spread, size * size)
        })
      })
    })

    test('the covariance does not change far from the origin', () => {
      given([{ points: [[-1], [1]].map(([x = 0]) => [x + 10_000]), weights: [1, 3] }], (mu) => {
        expectClose(valuesOf(covariance(mu)), [0.75], 1, 4)
      })
    })

    test('the mean of many points far from the origin is as exact as one of them', () => {
      const offsets = Array.from({ length: 999 }, (_, index) => ((index * 7) % 16) / 16)
      const cloud = { points: offsets.map((offset) => [10_000 + offset]), weights: offsets.map(() => 1) }
      given([cloud], (mu) => {
        expectClose(valuesOf(mean(mu)), [10_000 + totalOf(offsets) / 999], 10_000, 1)
      })
    })

    test.each([1, 2, 3.5])('the moment of order %d', (order) => {
      law(cloudArbitrary({ settings: ['near'] }), (cloud) => {
        const expected = totalOf(
          cloud.points.map((point, index) => (cloud.weights[index] ?? 0) * Math.hypot(...point) ** order),
        )
        given([cloud], (mu) => {
          expectClose(valuesOf(moment(order)(mu)), [expected], 4 ** order, 64)
        })
      })
    })
  })

  describe('extent', () => {
    test('the bounding box is that of all points, the diameter its diagonal', () => {
      law(pairArbitrary(), ({ mu, nu, dimension }) => {
        const axes = Array.from({ length: dimension }, (_, axis) => axis)
        const column = (axis: number) => [...mu.points, ...nu.points].map((point) => point[axis] ?? NaN)
        const low = axes.map((axis) => Math.min(...column(axis)))
        const high = axes.map((axis) => Math.max(...column(axis)))
        given([mu, nu], (...measures) => {
          expect(boundingBox(...measures)).toEqual({ low, high })
          expect(diameter(...measures)).toBe(Math.hypot(...axes.map((axis) => (high[axis] ?? 0) - (low[axis] ?? 0))))
        })
      })
    })
  })

  describe('equality', () => {
    test('is reflexive, and lost by a change of any point or weight', () => {
      law(cloudArbitrary({ settings: ['near'] }), (cloud) => {
        const moved = { ...cloud, points: cloud.points.map((point, index) => (index === 0 ? point.map((x) => x + 1) : point)) }
        const heavier = { ...cloud, weights: cloud.weights.map((weight, index) => (index === 0 ? weight + 1 : weight)) }
        given([cloud, cloud, moved, heavier], (mu, again, other, another) => {
          if (mu === undefined || again === undefined || other === undefined || another === undefined) return
          expect(equals(again)(mu)).toBe(true)
          expect(equals(other, 1e-3)(mu)).toBe(false)
          expect(equals(another, 1e-3)(mu)).toBe(false)
          expect(equals(other, 2)(mu)).toBe(true)
        })
      })
    })

    test('goes by the size of what is compared', () => {
      const clouds = [1e6, 1e6 + 1, 1e-6, 2e-6].map((x) => ({ points: [[x]], weights: [1] }))
      given(clouds, (large, larger, small, smaller) => {
        expect(large && larger && equals(larger, 1e-5)(large)).toBe(true)
        expect(small && smaller && equals(smaller, 1e-5)(small)).toBe(false)
      })
    })

    test('asks for the same order, number and dimension', () => {
      const clouds: readonly Cloud[] = [
        { points: [[0], [1]], weights: [1, 1] },
        { points: [[1], [0]], weights: [1, 1] },
        { points: [[0], [1], [1]], weights: [1, 1, 0] },
        { points: [[0, 0], [1, 1]], weights: [1, 1] },
      ]
      given(clouds, (mu, ...others) => {
        for (const nu of others) expect(mu && equals(nu)(mu)).toBe(false)
      })
    })
  })

  describe('gradients', () => {
    /** The gradients of a scalar of a measure in its points and weights, against central differences in float64. */
    const checkGradients = (value: (mu: Measure) => Scalar, cloud: Cloud) => {
      const mu = measureOf(cloud)
      const slopes = grads((points: Tensor, weights: Tensor) =>
        tidy(() => value({ points: points as Tensor2D, weights: weights as Tensor1D })),
      )([mu.points, mu.weights])
      const [points = [], weights = []] = slopes.map((slope) => Array.from(slope.dataSync()))
      for (const tensor of slopes) tensor.dispose()
      disposeMeasure(mu)
      if (backend().precision === 'float32') {
        expect([...points, ...weights].every(Number.isFinite)).toBe(true)
        return
      }
      const at = (changed: Cloud): number => {
        const measure = measureOf(changed)
        const [result = NaN] = valuesOf(value(measure))
        disposeMeasure(measure)
        return result
      }
      const step = 2 ** -16
      const changedPoints = (row: number, axis: number, by: number) => ({
        ...cloud,
        points: cloud.points.map((point, i) => point.map((x, k) => (i === row && k === axis ? x + by : x))),
      })
      const changedWeights = (row: number, by: number) => ({
        ...cloud,
        weights: cloud.weights.map((weight, i) => (i === row ? weight + by : weight)),
      })
      const slope = (change: (by: number) => Cloud) => (at(change(step)) - at(change(-step))) / (2 * step)
      const close = (found: number, expected: number) => {
        expect(Math.abs(found - expected)).toBeLessThan(1e-5 * (1 + Math.abs(expected)))
      }
      const d = dimensionOf(cloud)
      points.forEach((found, position) => {
        close(found, slope((by) => changedPoints(Math.floor(position / d), position % d, by)))
      })
      weights.forEach((found, row) => {
        close(found, slope((by) => changedWeights(row, by)))
      })
    }

    const positive = (dimension: number | { readonly max: number }) =>
      cloudArbitrary({ maxPoints: 4, settings: ['near'], shapes: ['uniform', 'weighted', 'duplicates'], dimension })
    const seed = key(4)

    test.each<readonly [string, (mu: Measure) => Scalar]>([
      ['mean', (mu) => total(square(mean(mu)))],
      ['covariance', (mu) => total(square(covariance(mu)))],
      ['the second moment', (mu) => moment(2)(mu)],
      ['centre', (mu) => moment(2)(centre(mu))],
      ['translate and scale', (mu) => moment(2)(scale(3)(translate([1])(affine({ matrix: [[2]] })(mu))))],
      ['mixture and normalise', (mu) => moment(2)(normalise(mixture([0.5, 2])([mu, scale(2)(mu)])))],
      ['product', (mu) => moment(2)(product(translate([1])(mu))(mu))],
      ['restrict', (mu) => moment(2)(measureOrThrow(restrict((_, __, index) => index === 0)(mu)))],
      ['subsample', (mu) => total(mul(subsample(1, seed)(mu).weights, total(subsample(1, seed)(mu).points)))],
      ['withPoints', (mu) => moment(2)(withPoints(square(mu.points))(mu))],
      ['reweight', (mu) => moment(2)(reweight(square(mu.weights))(mu))],
    ])('of %s are those of its values', (name, value) => {
      const dimension = name === 'translate and scale' || name === 'product' ? 1 : { max: 2 }
      fc.assert(
        fc.property(positive(dimension), (cloud) => {
          checkGradients(value, cloud)
        }),
      )
    })

    test('of a sample count how often a point was drawn', () => {
      given([{ points: [[1], [2], [3]], weights: [1, 2, 1] }], (mu) => {
        const { points } = contents(sample(8, seed)(mu))
        const slope = tidy(() =>
          grad((x: Tensor) => total(sample(8, seed)(withPoints(x as Tensor2D)(mu)).points))(mu.points).dataSync().slice(),
        )
        expect(Array.from(slope)).toEqual([1, 2, 3].map((x) => points.filter(([drawn]) => drawn === x).length))
      })
    })

    test('of moments are finite at the origin', () => {
      given([{ points: [[0, 0], [1, 0]], weights: [1, 1] }], (mu) => {
        const slopes = valuesOf(grad((x: Tensor) => moment(1)(withPoints(x as Tensor2D)(mu)))(mu.points))
        expectClose(slopes, [0, 0, 0.5, 0], 1)
      })
    })

    test('leave no tensor behind', () => {
      fc.assert(
        fc.property(positive(2), (cloud) => {
          const mu = measureOf(cloud)
          withoutLeaks(() =>
            grads((points: Tensor, weights: Tensor) =>
              moment(2)(centre({ points: points as Tensor2D, weights: weights as Tensor1D })),
            )([mu.points, mu.weights]),
          )
          disposeMeasure(mu)
        }),
      )
    })
  })

  test('a permuted cloud has the same moments', () => {
    const arbitrary = cloudArbitrary({ settings: ['near'] }).chain((cloud) =>
      fc.record({ cloud: fc.constant(cloud), order: permutationArbitrary(cloud.points.length) }),
    )
    law(arbitrary, ({ cloud, order }) => {
      const permuted = {
        points: order.map((index) => cloud.points[index] ?? []),
        weights: order.map((index) => cloud.weights[index] ?? 0),
      }
      given([cloud, permuted], (mu, nu) => {
        if (mu === undefined || nu === undefined) return
        expectClose(valuesOf(covariance(nu)), valuesOf(covariance(mu)), 4)
      })
    })
  })
})
