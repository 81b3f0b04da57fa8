import { tensorFrom } from '@monge/backend'
import { fold, key } from '@monge/random'
import { add, dispose, mul, sin, square, sum } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, reference, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  affineMap,
  copyParams,
  countParams,
  curvePoints,
  disposeParams,
  equalParams,
  followedBy,
  fromFunction,
  fromLayers,
  gaussian,
  gaussianMixture,
  generate,
  leavesOf,
  mapped,
  multilayerPerceptron,
  normalNoise,
  perceptron,
  polynomialMixture,
  pushforward,
  residual,
  uniformNoise,
  valueAndGradientOf,
  withLeaves,
} from './index.js'
import type { ActivationName, Generator, InitialiserName, Params } from './index.js'

const seed = key(5)
const numbers = (params: Params): readonly number[] => leavesOf(params).flatMap((leaf) => Array.from(leaf.dataSync()))

const activations: readonly ActivationName[] = ['linear', 'relu', 'leakyRelu', 'elu', 'tanh', 'sigmoid', 'softplus', 'gelu', 'swish']
const initialisers: readonly InitialiserName[] = [
  'glorotUniform',
  'glorotNormal',
  'heUniform',
  'heNormal',
  'lecunUniform',
  'lecunNormal',
  'pytorch',
]

type At = (place: Generator['place']) => Generator

const generators: readonly (readonly [string, At])[] = [
  ...activations.map((activation) => [
    `perceptron by ${activation}`,
    multilayerPerceptron({ sizes: [2, 4, 3, 2], activation, finalActivation: activation }) as At,
  ] as const),
  ['gaussian', gaussian(2) as At],
  ...(['isotropic', 'diagonal', 'full'] as const).map(
    (covariance) => [`${covariance} mixture`, gaussianMixture({ components: 3, dimension: 2, covariance }) as At] as const,
  ),
  ['polynomial mixture', polynomialMixture({ degree: 3 }) as At],
  ['residual blocks', pushforward(followedBy(residual(perceptron({ sizes: [2, 3, 2], activation: 'tanh' })))(affineMap(2)), uniformNoise(2)) as At],
  ['mapped mixture', ((place) => mapped(perceptron({ sizes: [2, 2] }))(gaussianMixture({ components: 2, dimension: 2 })(place))) as At],
]

/** A smooth scalar of a measure that looks at every point and weight. */
const score = (generator: Generator, noise: Tensor2D) => (params: Params): Scalar => {
  const { weights, points } = generator.apply(params, noise)
  return add(sum(mul(weights, sum(add(square(points), sin(points)), 1))), sum(square(weights)))
}

eachBackend('generators', (backend) => {
  const allowed = (): number => tolerance(backend(), { float64: 1e-7, float32: 2e-4 })

  test('every one generates what it makes of the noise of a key, as many points as are asked for', () =>
    withoutLeaks(() => {
      const made = generators.map(([name, at]) => ({ name, generator: at(backend()), params: at(backend()).init(seed) }))
      fc.assert(
        fc.property(fc.constantFrom(...made), fc.integer({ min: 3, max: 6 }), fc.nat({ max: 99 }), ({ name, generator, params }, count, number) => {
          const noise = generator.noise(key(number), count)
          const [drawn, image] = [generate(generator)(params, key(number), count), generator.apply(params, noise)]
          expect(drawn.points.shape, name).toEqual([drawn.weights.shape[0], 2])
          expect(numbers([drawn.points, drawn.weights]), name).toEqual(numbers([image.points, image.weights]))
          dispose([noise, drawn.points, drawn.weights, image.points, image.weights])
        }),
        { numRuns: Math.max(runs(100), 4 * generators.length) },
      )
      return made.flatMap(({ params }) => leavesOf(params))
    }))

  test.each(generators)('%s makes a measure from a key, the same from the same', (_, at) =>
    withoutLeaks(() => {
      const generator = at(backend())
      const params = generator.init(seed)
      const again = generator.init(seed)
      expect(equalParams(params)(again)).toBe(true)
      const noise = backend().within(() => generator.noise(fold(1)(seed), 7))
      const before = numbers(params)
      const mu = generator.apply(params, noise)
      const nu = generator.apply(again, noise)
      expect([mu.points.shape, mu.weights.shape]).toEqual([[7, 2], [7]])
      expect(equalParams([mu.points, mu.weights])([nu.points, nu.weights])).toBe(true)
      const mass = numbers(mu.weights).reduce((total, weight) => total + weight, 0)
      expect(Math.abs(mass - 1)).toBeLessThan(tolerance(backend(), { float64: 1e-14, float32: 1e-6 }))
      expect(numbers(mu.points).every(Number.isFinite)).toBe(true)
      expect(numbers(params)).toEqual(before)
      return [...leavesOf([params, again]), noise, mu.points, mu.weights, nu.points, nu.weights]
    }),
  )

  test.each(generators)('%s has the reference’s gradient, and that is the one of differences', async (_, at) => {
    const oracle = await reference()
    // Numbers that every format holds exactly, and no activation has its kink near.
    const wiggle = (leaf: Tensor): readonly number[] => Array.from({ length: leaf.size }, (__, i) => (((i * 29 + 13) % 61) - 30) / 32)
    const place = <A>(where: typeof oracle, body: () => A): A => where.within(body)
    const gradientAt = (where: typeof oracle) =>
      place(where, () => {
        const generator = at(where)
        const start = generator.init(seed)
        const params = withLeaves(leavesOf(start).map((leaf) => tensorFrom(wiggle(leaf), leaf.shape)))(start)
        const width = (generator.noise(seed, 1) as Tensor2D).shape[1]
        const noise = tensorFrom<Tensor2D>(Array.from({ length: 6 * width }, (__, i) => (((i * 17 + 5) % 41) - 20) / 16), [6, width])
        const evaluate = valueAndGradientOf(score(generator, noise), where)
        const { value, gradient } = evaluate(params)
        const found = { value: value.dataSync()[0] ?? NaN, slopes: numbers(gradient) }
        return { found, params, evaluate }
      })
    const mine = gradientAt(backend()).found
    const { found: theirs, params, evaluate } = gradientAt(oracle)
    expect(Math.abs(mine.value - theirs.value)).toBeLessThan(allowed() * (1 + Math.abs(theirs.value)))
    mine.slopes.forEach((slope, i) => {
      const expected = theirs.slopes[i] ?? NaN
      expect(Math.abs(slope - expected), `${slope} for ${expected}`).toBeLessThan(allowed() * (1 + Math.abs(expected)))
    })
    if (backend().name !== oracle.name) return
    const values = numbers(params)
    const valueAt = (changed: readonly number[]): number =>
      oracle.within(() => {
        let taken = 0
        const leaves = leavesOf(params).map((leaf) => {
          taken += leaf.size
          return tensorFrom(changed.slice(taken - leaf.size, taken), leaf.shape)
        })
        return evaluate(withLeaves(leaves)(params)).value.dataSync()[0] ?? NaN
      })
    values.forEach((value, i) => {
      const h = 1e-5
      const moved = (by: number): number => valueAt(values.map((other, j) => (j === i ? value + by : other)))
      const slope = (moved(h) - moved(-h)) / (2 * h)
      const found = theirs.slopes[i] ?? NaN
      expect(Math.abs(slope - found), `parameter ${i}`).toBeLessThan(1e-6 * (1 + Math.abs(found)))
    })
  })

  test('noise has the mean and the deviation that it should', () =>
    withoutLeaks(() => {
      const [normal, even] = backend().within(() => [normalNoise(2)(seed, 2000), uniformNoise(2, { low: -1, high: 3 })(seed, 2000)])
      const moments = (noise: Tensor): readonly [number, number] => {
        const values = Array.from(noise.dataSync())
        const mean = values.reduce((total, value) => total + value, 0) / values.length
        return [mean, Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / values.length)]
      }
      ;[[moments(normal), [0, 1]], [moments(even), [1, 4 / Math.sqrt(12)]]].forEach(([found, expected]) =>
        found?.forEach((value, i) => expect(Math.abs(value - (expected?.[i] ?? NaN))).toBeLessThan(0.06)),
      )
      return [normal, even]
    }))

  test('a Gaussian starts as its noise', () =>
    withoutLeaks(() => {
      const generator = gaussian(3)(backend())
      const [params, noise] = [generator.init(seed), backend().within(() => generator.noise(seed, 4))]
      const mu = generator.apply(params, noise)
      expect(numbers(mu.points)).toEqual(numbers(noise))
      return [...leavesOf(params), noise, mu.points, mu.weights]
    }))

  test.each([1, 2, 3])('a mixture in %s dimensions starts with the deviation that it is told, along every axis', (d) =>
    withoutLeaks(() => {
      const [k, deviation] = [2, 0.5]
      const scalesOf = (covariance: 'isotropic' | 'diagonal' | 'full') => {
        const params = gaussianMixture({ components: k, dimension: d, covariance, deviation })(backend()).init(seed)
        const values = Array.from(params.scales.dataSync())
        disposeParams(params)
        return values
      }
      const close = (found: readonly number[], expected: readonly number[]): void => {
        expect(found).toHaveLength(expected.length)
        found.forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 6))
      }
      close(scalesOf('isotropic'), Array.from({ length: k }, () => Math.log(deviation)))
      close(scalesOf('diagonal'), Array.from({ length: k * d }, () => Math.log(deviation)))
      close(scalesOf('full'), Array.from({ length: k * d * d }, (_, i) => (Math.floor((i % (d * d)) / d) === i % d ? deviation : 0)))
    }))

  test('a mixture of one moves its noise by its mean, and stretches it by its scales', () =>
    withoutLeaks(() => {
      const z = [[1, 2], [-1, 0.5], [0, 3]] as const
      const expectPoints = (covariance: 'isotropic' | 'diagonal' | 'full', scales: readonly number[], stretched: (x: number, y: number) => readonly number[]) => {
        const made = backend().within(() => {
          const params = { logits: tensorFrom([0], [1]), means: tensorFrom([5, -5], [1, 2]), scales: tensorFrom(scales, [1, scales.length]) }
          const noise = tensorFrom<Tensor2D>(z.flat(), [3, 2])
          return { params, noise, mu: gaussianMixture({ components: 1, dimension: 2, covariance })(backend()).apply(params as never, noise) }
        })
        const expected = z.flatMap(([x, y]) => stretched(x, y).map((value, k) => value + (k === 0 ? 5 : -5)))
        numbers(made.mu.points).forEach((value, i) => expect(value).toBeCloseTo(expected[i] ?? NaN, 5))
        dispose([...leavesOf(made.params), made.noise, made.mu.points, made.mu.weights])
      }
      expectPoints('isotropic', [0.5], (x, y) => [Math.exp(0.5) * x, Math.exp(0.5) * y])
      expectPoints('diagonal', [0.5, -1], (x, y) => [Math.exp(0.5) * x, Math.exp(-1) * y])
      expectPoints('full', [2, 0.5, -1, 3], (x, y) => [2 * x + 0.5 * y, 3 * y - x])
    }))

  test('a polynomial is Horner’s', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 2, maxLength: 5 }),
        fc.array(fc.integer({ min: -16, max: 16 }), { minLength: 1, maxLength: 4 }),
        (coefficients, sixteenths) => {
          withoutLeaks(() => {
            const at = sixteenths.map((value) => value / 16)
            const [row, parameter] = [tensorFrom<Tensor2D>(coefficients, [1, coefficients.length]), tensorFrom<Tensor2D>(at, [at.length, 1])]
            const points = curvePoints(row, parameter)
            points.dataSync().forEach((value, i) => {
              const expected = coefficients.reduceRight((total, coefficient) => total * (at[i] ?? NaN) + coefficient, 0)
              expect(Math.abs(value - expected)).toBeLessThan(tolerance(backend(), { float64: 1e-13, float32: 1e-4 }))
            })
            return [row, parameter, points]
          })
        },
      ),
      { numRuns: runs(100) },
    )
  })

  test('the share of a class is the sigmoid of its logit', () =>
    withoutLeaks(() => {
      const initial = { logit: 1, sigmas: [0.2, 0.4], coefficients: [[0, 1], [0, 2]] } as const
      const generator = polynomialMixture({ degree: 1, noise: 0, initial })(backend())
      const params = generator.init(seed)
      const noise = backend().within(() => tensorFrom<Tensor2D>([1, 9, 9, -1, 9, 9, 0, 9, 9, 2, 9, 9], [4, 3]))
      const mu = generator.apply(params, noise)
      const share = 1 / (1 + Math.exp(-1)) / 2
      const expected = [0.5 - share, 0.5 - share, share, share]
      numbers(mu.weights).forEach((weight, i) => expect(Math.abs(weight - (expected[i] ?? NaN))).toBeLessThan(1e-6))
      ;[-0.8, -1.6, -1.2, -2.4, 1, 2, 1.8, 3.6].forEach((value, i) =>
        expect(Math.abs((numbers(mu.points)[i] ?? NaN) - value)).toBeLessThan(1e-5),
      )
      return [...leavesOf(params), noise, mu.points, mu.weights]
    }))

  test.each(initialisers)('%s draws weights of its variance', (initialiser) =>
    withoutLeaks(() => {
      const [inputs, outputs] = [40, 60]
      const params = backend().within(() => perceptron({ sizes: [inputs, outputs], initialiser }).init(seed))
      const [{ weights, bias } = { weights: undefined, bias: undefined }] = params.layers
      const values = weights === undefined ? [] : Array.from(weights.dataSync())
      const variance = values.reduce((total, value) => total + value * value, 0) / values.length
      const expected = initialiser.startsWith('glorot')
        ? 2 / (inputs + outputs)
        : initialiser.startsWith('he')
          ? 2 / inputs
          : initialiser === 'pytorch'
            ? 1 / (3 * inputs)
            : 1 / inputs
      expect(Math.abs(variance / expected - 1)).toBeLessThan(0.12)
      expect(Array.from(bias?.dataSync() ?? []).some((value) => value !== 0)).toBe(initialiser === 'pytorch')
      expect(countParams(params)).toBe(inputs * outputs + outputs)
      return leavesOf(params)
    }),
  )

  test('functions and layers of others are maps like ours', () =>
    withoutLeaks(() => {
      const map = fromFunction<Tensor>(
        () => tensorFrom([2], []),
        (factor, points) => mul(points, factor),
      )
      // What tfjs-layers has: variables that its layers read, and a model that is applied.
      const held = backend().within(() => tensorFrom([2], []))
      const variable = { name: 'factor', read: () => held }
      const model = { trainableWeights: [variable], apply: (points: Tensor2D) => mul(points, variable.read()) }
      const [ours, theirs] = [pushforward(map, normalNoise(2))(backend()), pushforward(fromLayers(model), normalNoise(2))(backend())]
      const [params, copies] = [ours.init(seed), theirs.init(seed)]
      const noise = backend().within(() => ours.noise(seed, 3))
      const [left, right] = [valueAndGradientOf(score(ours, noise), backend())(params), valueAndGradientOf(score(theirs as Generator, noise), backend())(copies)]
      expect(numbers(left.gradient)).toEqual(numbers(right.gradient))
      expect(variable.read()).toBe(held)
      return [params, ...copies, noise, held, left.value, right.value, ...leavesOf([left.gradient, right.gradient])]
    }))

  describe('options', () => {
    test.each<readonly [string, string, () => unknown]>([
      ['InvalidOption', 'perceptron: sizes', () => perceptron({ sizes: [2] })],
      ['InvalidOption', 'perceptron: sizes', () => perceptron({ sizes: [2, 0] })],
      ['InvalidOption', 'perceptron: activation', () => perceptron({ sizes: [2, 2], activation: 'relo' as never })],
      ['InvalidOption', 'perceptron: initialiser', () => perceptron({ sizes: [2, 2], initialiser: 'xavier' as never })],
      ['InvalidOption', 'multilayerPerceptron', () => multilayerPerceptron({ sizes: [2, 2], noises: 1 } as never)],
      ['InvalidOption', 'gaussianMixture: components', () => gaussianMixture({ components: 0, dimension: 2 })],
      ['InvalidOption', 'gaussianMixture: covariance', () => gaussianMixture({ components: 1, dimension: 2, covariance: 'none' as never })],
      ['InvalidOption', 'polynomialMixture: degree', () => polynomialMixture({ degree: 0 })],
      ['InvalidOption', 'polynomialMixture: initial', () => polynomialMixture({ degree: 1, initial: { logit: 0, sigmas: [1, 1], coefficients: [[1, 2]] } })],
      ['InvalidOption', 'polynomialMixture: initial', () => polynomialMixture({ degree: 1, initial: { logit: 0, sigmas: [1, NaN], coefficients: [[1, 2], [3, 4]] } })],
      ['InvalidOption', 'affineMap: inputs', () => affineMap(0)],
      ['InvalidOption', 'normalNoise: dimension', () => normalNoise(0.5)],
      ['InvalidOption', 'uniformNoise: dimension', () => uniformNoise(0)],
    ])('refuse a wrong one: %s, %s', (tag, where, make) => {
      expect(make).toThrow(expect.objectContaining({ name: 'MongeError', tag, where }))
    })

    test('a mixture of more components than points is no measure', () => {
      const generator = gaussianMixture({ components: 3, dimension: 1 })(backend())
      const params = generator.init(seed)
      const copy = copyParams(params)
      const noise = backend().within(() => generator.noise(seed, 2))
      expect(() => generator.apply(copy, noise)).toThrow(expect.objectContaining({ tag: 'InvalidArgument' }))
      disposeParams([params, copy])
      dispose(noise)
    })
  })
})
