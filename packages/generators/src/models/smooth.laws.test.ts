import { constant, registerGradients, tensorFrom } from '@monge/backend'
import { dispose, grad, mul, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, onBackends, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { kinds } from '../engine/elementwise.js'
import type { Kind } from '../engine/elementwise.js'
import { smooth, swish } from './smooth.js'
import { sumOf } from './sum.js'

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** The complementary error function for z >= 0, by its series or its continued fraction. */
const erfc = (z: number): number => {
  if (z > 2.5) {
    let fraction = z
    for (let k = 80; k > 0; k--) fraction = z + k / 2 / fraction
    return Math.exp(-z * z) / fraction / Math.sqrt(Math.PI)
  }
  let [term, total] = [z, z]
  for (let k = 1; k < 80; k++) {
    term *= (-z * z) / k
    total += term / (2 * k + 1)
  }
  return 1 - (2 / Math.sqrt(Math.PI)) * total
}
const normal = (x: number): number => (x < 0 ? erfc(-x / Math.SQRT2) / 2 : 1 - erfc(x / Math.SQRT2) / 2)
const density = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)

/** Each function, its derivative, and the derivative of that, in float64. */
const truths: Readonly<Record<Kind, readonly ((x: number) => number)[]>> = {
  sigmoid: [sigmoid, (x) => sigmoid(x) * sigmoid(-x), (x) => sigmoid(x) * sigmoid(-x) * (sigmoid(-x) - sigmoid(x))],
  tanh: [Math.tanh, (x) => 4 * sigmoid(2 * x) * sigmoid(-2 * x), (x) => -8 * Math.tanh(x) * sigmoid(2 * x) * sigmoid(-2 * x)],
  softplus: [(x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))), sigmoid, (x) => sigmoid(x) * sigmoid(-x)],
  swish: [
    (x) => x * sigmoid(x),
    (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    (x) => sigmoid(x) * sigmoid(-x) * (2 + x * (sigmoid(-x) - sigmoid(x))),
  ],
  elu: [(x) => (x < 0 ? Math.expm1(x) : x), (x) => (x < 0 ? Math.exp(x) : 1), (x) => (x < 0 ? Math.exp(x) : 0)],
  gelu: [(x) => x * normal(x), (x) => normal(x) + x * density(x), (x) => density(x) * (2 - x * x)],
}

const names = Object.keys(kinds) as readonly Kind[]

const rowOf = (values: readonly number[]): Tensor2D => tensorFrom<Tensor2D>(values, [1, values.length])

/** What a function of tensors makes of numbers. */
const madeOf = (f: (x: Tensor2D) => Tensor2D, values: readonly number[]): readonly number[] => {
  const made: number[] = []
  withoutLeaks(() => {
    const x = rowOf(values)
    const y = f(x)
    made.push(...y.dataSync())
    dispose([x, y])
  })
  return made
}

const slopeOf = (f: (x: Tensor2D) => Tensor): ((x: Tensor2D) => Tensor2D) => grad((x) => sum(f(x as Tensor2D))) as (x: Tensor2D) => Tensor2D

onBackends(['simd'])('functions of each number by WebAssembly', (backend) => {
  describe.each(names)('%s', (name) => {
    test.each([
      { what: 'value', order: 0 },
      { what: 'derivative', order: 1 },
    ])('has its $what to a few units of the last place', ({ order }) => {
      const exact = truths[name][order] as (x: number) => number
      const values = Array.from({ length: 4003 }, (_, k) => Math.fround((k - 2001) / 100)).concat(
        [-1e-3, 1e-4, -1e-6, 1e-30, 0.6249, 0.6251, -0.6249, -0.6251, 30, -30, 60, -60].map(Math.fround),
      )
      backend().within(() => {
        registerGradients()
        const made = madeOf(order === 0 ? smooth(name) : slopeOf(smooth(name)), values)
        // Where a product of exponentials cancels or is far below one, what counts is the error beside the size of the whole.
        const [relative, absolute] = name === 'gelu' ? [2e-6, 4e-7] : [6e-7, order === 1 && name === 'swish' ? 2e-7 : 1e-37]
        values.forEach((x, k) => {
          const wanted = exact(x)
          expect(Math.abs((made[k] ?? NaN) - wanted), `at ${x}: ${made[k]}, not ${wanted}`).toBeLessThanOrEqual(
            relative * Math.abs(wanted) + absolute,
          )
        })
      })
    })

    test('has a derivative that can be differentiated, as tfjs has not', () => {
      backend().within(() => {
        registerGradients()
        const values = Array.from({ length: 41 }, (_, k) => (k - 20.5) / 4)
        const made = madeOf(slopeOf(slopeOf(smooth(name))), values)
        values.forEach((x, k) => expect(Math.abs((made[k] ?? NaN) - (truths[name][2]?.(x) ?? NaN))).toBeLessThanOrEqual(1e-6))
      })
    })

    test('stays a number at the ends of the range, and is NaN at NaN', () => {
      backend().within(() => {
        registerGradients()
        const far = [-3e38, -1000, -100, 100, 1000, 3e38]
        for (const f of [smooth(name), slopeOf(smooth(name))]) {
          expect(madeOf(f, far).every(Number.isFinite), name).toBe(true)
          expect(madeOf(f, [NaN, 1, NaN])).toEqual([NaN, expect.any(Number), NaN])
        }
      })
    })
  })
})

eachBackend('smooth functions of each number', (backend) => {
  const near = tolerance
  describe.each(names)('%s', (name) => {
    test('is its formula, and so is its derivative', () => {
      fc.assert(
        fc.property(fc.array(fc.double({ min: -6, max: 6, noNaN: true }), { minLength: 1, maxLength: 9 }), (given) => {
          const values = given.map((x) => (Math.abs(x) < 1e-3 ? 0.5 : x))
          backend().within(() => {
            registerGradients()
            const f = smooth(name)
            const makers = [f, slopeOf(f)]
            makers.forEach((maker, order) => {
              const made = madeOf(maker, values)
              // tfjs's error function is good to 2e-7, and its float32 exponentials on a GPU to four digits.
              const most = near(backend(), { float64: name === 'gelu' ? 1e-6 : 1e-12, float32: 3e-4 })
              made.forEach((y, k) =>
                expect(Math.abs(y - (truths[name][order]?.(values[k] ?? NaN) ?? NaN)), `order ${order}`).toBeLessThanOrEqual(most),
              )
            })
          })
        }),
        { numRuns: runs(100) },
      )
    })
  })

  test('a gain scales a function and its slopes', () => {
    backend().within(() => {
      registerGradients()
      const values = [-2, -0.5, 0.25, 3]
      const scaled = (f: (x: Tensor2D) => Tensor2D): readonly number[] => madeOf((x) => tidy(() => mul(f(x), constant(0.7))), values)
      const most = near(backend(), { float64: 1e-14, float32: 1e-5 })
      const pairs = [
        [madeOf(swish(0.7), values), scaled(swish())],
        [madeOf(slopeOf(swish(0.7)), values), scaled(slopeOf(swish()))],
      ] as const
      for (const [one, other] of pairs) one.forEach((y, k) => expect(Math.abs(y - (other[k] ?? NaN))).toBeLessThanOrEqual(most))
    })
  })

  test('a sum of two is their sum, and passes slopes on to both', () => {
    backend().within(() => {
      registerGradients()
      withoutLeaks(() => {
        const [a, b] = [rowOf([1, 2, 3, 4, 5]), rowOf([10, 20, 30, 40, 50])]
        const total = sumOf(a, b)
        expect(Array.from(total.dataSync())).toEqual([11, 22, 33, 44, 55])
        const twice = slopeOf((x) => sumOf(x, mul(x, 2)))(a)
        expect(Array.from(twice.dataSync())).toEqual([3, 3, 3, 3, 3])
        dispose([a, b, total, twice])
      })
    })
  })
})
