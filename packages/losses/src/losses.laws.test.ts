import { constant, tensorFrom } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { fold, key } from '@monge/random'
import * as tf from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { concatAll } from 'fp-ts/lib/Monoid.js'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  add,
  debias,
  lossAt,
  map,
  minibatch,
  monoid,
  pullback,
  scale,
  semigroup,
  squareRoot,
  sum,
  symmetrise,
  tapedGradients,
  toNumber,
  valueAndGradient,
  valueAndGradientIn,
  zero,
} from './index.js'
import type { Loss } from './index.js'

/** The weighted mean of points: `[n], [n, d] -> [d]`. */
const total = ({ weights, points }: Measure): Tensor1D => tf.sum(tf.mul(tf.expandDims(weights, 1), points), 0)

/** `|total mu - total nu|²` */
const ofMeans: Loss = (mu, nu) => tf.sum(tf.square(tf.sub(total(mu), total(nu))))

/** `sum_ij a_i b_j |x_i - y_j|²`, not zero where the measures agree. */
const energyLike: Loss = (mu, nu) => {
  const z = tf.sub(tf.expandDims(mu.points, 1), tf.expandDims(nu.points, 0))
  const squares = tf.sum(tf.mul(z, z), 2)
  return tf.sum(tf.mul(tf.mul(tf.expandDims(mu.weights, 1), tf.expandDims(nu.weights, 0)), squares))
}

/** Neither symmetric nor dependent on all there is. */
const lopsided: Loss = (mu, nu) => tf.sum(tf.mul(tf.sum(mu.points), nu.weights))

const twice = <T extends Tensor>(tensor: T): T => tf.add(tensor, tensor)
const half = <T extends Tensor>(tensor: T): T => tf.mul(tensor, constant(0.5))

const losses: readonly (readonly [string, Loss])[] = [
  ['the loss of means', ofMeans],
  ['the loss of squares', energyLike],
  ['the lopsided loss', lopsided],
]

const coordinate = fc.integer({ min: -16, max: 16 }).map((k) => k / 8)
const weight = fc.integer({ min: 1, max: 16 }).map((k) => k / 8)
interface Given {
  readonly weights: readonly number[]
  readonly points: readonly number[]
}
const given = fc.integer({ min: 1, max: 5 }).chain((n) =>
  fc.record<Given>({
    weights: fc.array(weight, { minLength: n, maxLength: n }),
    points: fc.array(coordinate, { minLength: 2 * n, maxLength: 2 * n }),
  }),
)
const pair = fc.tuple(given, given)

eachBackend('losses', (backend) => {
  const expectNear = (actual: ArrayLike<number>, expected: ArrayLike<number>): void => {
    const allowed = tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
    const size = Math.max(1, ...Array.from(expected, Math.abs))
    expect(actual.length).toBe(expected.length)
    Array.from(expected, (value, i) =>
      expect(Math.abs((actual[i] ?? Number.NaN) - value), `${actual[i]} for ${value}`).toBeLessThanOrEqual(
        allowed * size,
      ),
    )
  }

  const measure = ({ weights, points }: Given): Measure => ({
    weights: tensorFrom(weights, [weights.length]),
    points: tensorFrom(points, [weights.length, 2]),
  })

  const expectAlways = (law: (mu: Measure, nu: Measure) => void): void =>
    fc.assert(
      fc.property(pair, ([mu, nu]) => {
        tf.tidy(() => law(measure(mu), measure(nu)))
      }),
      { numRuns: runs(100) },
    )

  /** Everything that a loss gives, as numbers: value and gradients. */
  const all = (loss: Loss, mu: Measure, nu: Measure): readonly number[] => {
    const result = valueAndGradient(loss)(mu, nu)
    const tensors = [result.value, result.mu.weights, result.mu.points, result.nu.weights, result.nu.points]
    return tensors.flatMap((tensor) => [...tensor.dataSync()])
  }

  const expectSame = (left: Loss, right: Loss): void =>
    expectAlways((mu, nu) => expectNear(all(left, mu, nu), all(right, mu, nu)))

  test('add is associative', () =>
    expectSame(pipe(ofMeans, add(energyLike), add(lopsided)), pipe(ofMeans, add(pipe(energyLike, add(lopsided))))))

  test('add is commutative', () => expectSame(pipe(ofMeans, add(lopsided)), pipe(lopsided, add(ofMeans))))

  test.each(losses)('zero is neutral to %s', (_, loss) => {
    expectSame(pipe(loss, add(zero)), loss)
    expectSame(pipe(zero, add(loss)), loss)
  })

  test('the gradient of a sum is the sum of gradients', () =>
    expectAlways((mu, nu) => {
      const [left, right] = [all(ofMeans, mu, nu), all(energyLike, mu, nu)]
      expectNear(
        all(add(energyLike)(ofMeans), mu, nu),
        left.map((value, i) => value + (right[i] ?? Number.NaN)),
      )
    }))

  test('scale is linear', () => {
    expectSame(pipe(ofMeans, scale(0.3), scale(-2)), pipe(ofMeans, scale(-0.6)))
    expectSame(pipe(ofMeans, scale(0.3), add(scale(0.7)(ofMeans))), ofMeans)
    expectSame(pipe(ofMeans, add(energyLike), scale(3)), pipe(scale(3)(ofMeans), add(scale(3)(energyLike))))
    expectSame(scale(0)(energyLike), zero)
  })

  test('sum adds up, from zero', () => {
    expectSame(sum([ofMeans, energyLike, lopsided]), pipe(ofMeans, add(energyLike), add(lopsided)))
    expectSame(sum([]), zero)
  })

  test('the instances of fp-ts are addition', () => {
    expectSame(semigroup.concat(ofMeans, lopsided), pipe(ofMeans, add(lopsided)))
    expectSame(concatAll(monoid)([ofMeans, energyLike]), sum([ofMeans, energyLike]))
    expectSame(monoid.empty, zero)
  })

  test('debias is zero where the measures agree, with gradients that cancel for a symmetric loss', () =>
    expectAlways((mu) => expectNear(all(debias(energyLike), mu, mu), all(zero, mu, mu))))

  test('debias subtracts half of both self-terms, in gradients as well', () =>
    expectAlways((mu, nu) => {
      const result = all(debias(energyLike), mu, nu)
      const weighted = ({ weights, points }: Measure): Tensor2D => tf.mul(tf.expandDims(weights, 1), points)
      // By hand: -|m_a total b - ...|, which for equal masses is |total a - total b|².
      const mass = (of: Measure): Scalar => tf.sum(of.weights)
      const second = (of: Measure): Scalar => tf.sum(tf.mul(weighted(of), of.points))
      const self = (of: Measure): Scalar => twice(tf.sub(tf.mul(mass(of), second(of)), tf.sum(tf.square(total(of)))))
      const byHand: Loss = (left, right) => tf.sub(energyLike(left, right), half(tf.add(self(left), self(right))))
      expectNear(result, all(byHand, mu, nu))
    }))

  test('symmetrise makes symmetric, and leaves the symmetric alone', () => {
    expectSame(symmetrise(energyLike), energyLike)
    expectAlways((mu, nu) =>
      expectNear([toNumber(symmetrise(lopsided))(mu, nu)], [toNumber(symmetrise(lopsided))(nu, mu)]),
    )
  })

  test('pullback is a functor', () => {
    const double = (x: Tensor2D): Tensor2D => tf.add(x, x)
    const bend = (x: Tensor2D): Tensor2D => tf.square(x)
    expectSame(pullback((x) => x)(energyLike), energyLike)
    expectSame(pipe(energyLike, pullback(double), pullback(bend)), pullback((x) => double(bend(x)))(energyLike))
  })

  test('map composes', () => {
    const f = (value: Scalar): Scalar => tf.square(value)
    const g = (value: Scalar): Scalar => tf.add(value, value)
    expectSame(map((value: Scalar) => value)(ofMeans), ofMeans)
    expectSame(pipe(ofMeans, map(f), map(g)), map((value: Scalar) => g(f(value)))(ofMeans))
  })

  test('the square root undoes the square', () =>
    expectAlways((mu, nu) => {
      expectNear(
        [toNumber(map((value) => tf.square(value))(squareRoot(energyLike)))(mu, nu)],
        [toNumber(energyLike)(mu, nu)],
      )
    }))

  test('the square root has zero gradient at zero', () =>
    expectAlways((mu) => expectNear(all(squareRoot(ofMeans), mu, mu), all(zero, mu, mu))))

  test('the gradient in one measure is that in both', () =>
    expectAlways((mu, nu) => {
      const both = valueAndGradient(energyLike)(mu, nu)
      for (const which of ['mu', 'nu'] as const) {
        const one = valueAndGradientIn(which)(energyLike)(mu, nu)
        expectNear(one.value.dataSync(), both.value.dataSync())
        expectNear(one.gradient.weights.dataSync(), both[which].weights.dataSync())
        expectNear(one.gradient.points.dataSync(), both[which].points.dataSync())
      }
    }))

  test('taped gradients are those of the sum of products, in all that it depends on and in nothing else', () => {
    const numbers = fc.array(coordinate, { minLength: 3, maxLength: 3 })
    fc.assert(
      fc.property(numbers, numbers, numbers, fc.subarray([0, 1, 2]), (one, other, last, asked) => {
        withoutLeaks(() => {
          const values = [one, other, last]
          const inputs = values.map((entries) => tensorFrom<Tensor1D>(entries, [3]))
          const [first, second, third] = inputs
          if (first === undefined || second === undefined || third === undefined) throw new Error('three inputs')
          tf.tidy(() => {
            const evaluate = (): Scalar => tf.sum(tf.mul(first, tf.square(second)))
            const { value, gradients } = tapedGradients(evaluate, asked.map((index) => [first, second, third][index] ?? first))
            const products = one.map((entry, i) => entry * (other[i] ?? NaN) ** 2)
            expectNear(value.dataSync(), [products.reduce((left, right) => left + right, 0)])
            const expected = [other.map((entry) => entry ** 2), other.map((entry, i) => 2 * entry * (one[i] ?? NaN)), undefined]
            expect(gradients.map((gradient) => gradient === undefined)).toEqual(asked.map((index) => index === 2))
            gradients.forEach((gradient, k) => gradient && expectNear(gradient.dataSync(), expected[asked[k] ?? 2] ?? []))
          })
          return inputs
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('taped gradients of what throws leave nothing behind, and the next are right', () => {
    fc.assert(
      fc.property(fc.array(coordinate, { minLength: 1, maxLength: 4 }), fc.nat({ max: 3 }), (entries, before) => {
        withoutLeaks(() => {
          const input = tensorFrom<Tensor1D>(entries, [entries.length])
          const fails = (): Scalar => {
            for (let k = 0; k < before; k++) tf.exp(tf.square(input))
            throw new Error('mine')
          }
          expect(() => tf.tidy(() => tapedGradients(fails, [input]).value)).toThrow('mine')
          tf.tidy(() => {
            const { gradients } = tapedGradients(() => tf.sum(tf.square(input)), [input])
            expectNear(gradients[0]?.dataSync() ?? [], entries.map((entry) => 2 * entry))
          })
          return input
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('a measure may be compared with itself, and each argument has its own gradient', () =>
    expectAlways((mu) => {
      const { mu: first, nu: second } = valueAndGradient(lopsided)(mu, mu)
      expectNear(
        first.weights.dataSync(),
        first.weights.dataSync().map(() => 0),
      )
      expectNear(
        second.points.dataSync(),
        second.points.dataSync().map(() => 0),
      )
      expect(first.points.dataSync().every((slope) => slope > 0)).toBe(true)
    }))

  test('a minibatch of all points is the loss itself', () => expectSame(minibatch(key(1), 5)(energyLike), energyLike))

  test('a minibatch preserves mass', () => {
    const masses: Loss = (mu, nu) => tf.add(tf.sum(mu.weights), tf.mul(constant(3), tf.sum(nu.weights)))
    expectAlways((mu, nu) => expectNear([toNumber(minibatch(key(2), 2)(masses))(mu, nu)], [toNumber(masses)(mu, nu)]))
  })

  test('a minibatch is the loss in expectation, with its gradient', () => {
    const linear: Loss = (mu, nu) => tf.sum(tf.sub(twice(total(mu)), total(nu)))
    const draws = 200
    tf.tidy(() => {
      const mu = measure({ weights: [0.5, 0.25, 1, 2, 0.125, 1], points: [0, 1, 2, -1, 0.5, 0.5, 1, 1, -2, 0, 3, 1] })
      const nu = measure({ weights: [1, 1, 1, 1], points: [0, 1, 2, 3, 4, 5, 6, 7] })
      const samples = Array.from({ length: draws }, (_, i) => all(minibatch(fold(i)(key(4)), 3)(linear), mu, nu))
      all(linear, mu, nu).forEach((expected, entry) => {
        const values = samples.map((sample) => sample[entry] ?? Number.NaN)
        const mean = values.reduce((left, right) => left + right, 0) / draws
        const variance = values.reduce((left, right) => left + (right - mean) ** 2, 0) / draws
        expect(Math.abs(mean - expected)).toBeLessThanOrEqual(4 * Math.sqrt(variance / draws) + 1e-5)
      })
      expect(samples.some((sample) => sample[0] !== samples[0]?.[0])).toBe(true)
    })
  })

  test('equal weights are sampled without replacement', () => {
    tf.tidy(() => {
      const points = Array.from({ length: 12 }, (_, i) => 2 ** i)
      const mu = {
        weights: tensorFrom<Tensor1D>(
          points.map(() => 1),
          [12],
        ),
        points: tensorFrom<Tensor2D>(points, [12, 1]),
      }
      const seen = minibatch(
        key(5),
        4,
      )((left) => {
        expect(new Set(left.points.dataSync()).size).toBe(4)
        expectNear(left.weights.dataSync(), [3, 3, 3, 3])
        return tf.sum(left.weights)
      })
      seen(mu, mu)
    })
  })

  test('the same key draws the same points, another key others', () => {
    tf.tidy(() => {
      const points = Array.from({ length: 20 }, (_, i) => i)
      const mu = {
        weights: tensorFrom<Tensor1D>(
          points.map(() => 1),
          [20],
        ),
        points: tensorFrom<Tensor2D>(points, [20, 1]),
      }
      const batch = (seed: number): number =>
        toNumber(minibatch(key(seed), 5)((left) => tf.sum(tf.square(left.points))))(mu, mu)
      expect(batch(6)).toBe(batch(6))
      expect(batch(6)).not.toBe(batch(7))
    })
  })

  test('what a combined loss is made of decides its place', () => {
    const there = lossAt(backend(), ofMeans)
    expect(add(there)(ofMeans).place).toBe(backend())
    expect(pipe(there, scale(2), add(ofMeans), debias, symmetrise, squareRoot).place).toBe(backend())
    expect(add(ofMeans)(ofMeans).place).toBeUndefined()
    expect(minibatch(key(3), 2)(there).place).toBe(backend())
  })
})
