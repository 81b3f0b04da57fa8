import { constant, tensorFrom } from '@monge/backend'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import * as tf from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { pipe } from 'fp-ts/lib/function.js'
import { expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  add,
  debias,
  lossAt,
  minibatch,
  pullback,
  requireSameDimension,
  scale,
  squareRoot,
  symmetrise,
  toNumber,
  valueAndGradient,
  valueAndGradientIn,
} from './index.js'
import type { Loss } from './index.js'

const product: Loss = (mu, nu) => tf.mul(tf.sum(tf.mul(mu.weights, tf.sum(mu.points, 1))), tf.sum(nu.points))

eachBackend('losses', (backend) => {
  const mu = (): Measure => ({ weights: tensorFrom([1, 2], [2]), points: tensorFrom([1, 2, 3, 4], [2, 2]) })
  const nu = (): Measure => ({ weights: tensorFrom([1], [1]), points: tensorFrom([5, 6], [1, 2]) })

  test('a plain function of two measures is a loss', () => {
    const { value, mu: first, nu: second } = valueAndGradient(product)(mu(), nu())
    expect([...value.dataSync()]).toEqual([187])
    expect([...first.weights.dataSync()]).toEqual([33, 77])
    expect([...first.points.dataSync()]).toEqual([11, 11, 22, 22])
    expect([...second.weights.dataSync()]).toEqual([0])
    expect([...second.points.dataSync()]).toEqual([17, 17])
    expect(first.points.shape).toEqual([2, 2])
  })

  test('a loss that depends on nothing has gradient zero', () => {
    const held: Scalar = constant(3)
    const { value, gradient } = valueAndGradientIn('mu')(() => held)(mu(), nu())
    expect([...gradient.weights.dataSync(), ...gradient.points.dataSync()]).toEqual([0, 0, 0, 0, 0, 0])
    value.dispose()
    // The loss keeps what it holds.
    expect([...held.dataSync()]).toEqual([3])
  })

  test('a loss that returns an input has gradient one in it', () => {
    const one = { weights: tensorFrom([2], [1]), points: tensorFrom([3], [1, 1]) } as Measure
    const total = valueAndGradient((left) => tf.reshape(left.points, []))(one, one)
    expect([...total.mu.points.dataSync(), ...total.nu.points.dataSync()]).toEqual([1, 0])
  })

  test('a loss that throws leaves no tensor behind, and does not disturb the next', () => {
    const [one, other] = [mu(), nu()]
    const broken: Loss = (left, right) => {
      product(left, right)
      throw new Error('broken')
    }
    withoutLeaks(() => {
      expect(() => valueAndGradient(broken)(one, other)).toThrow('broken')
      return valueAndGradient(product)(one, other)
    })
  })

  test('a loss at a place is computed there', () => {
    const seen: string[] = []
    const spy = lossAt(backend(), () => {
      seen.push(tf.getBackend())
      return constant(1)
    })
    valueAndGradient(pipe(spy, scale(2), add(product)))(mu(), nu())
    expect(seen).toEqual([backend().name])
  })

  test('what is differentiated in one measure costs nothing in the other', () => {
    const costly = tf.customGrad((...inputs) => ({
      value: tf.sum(inputs[0] as tf.Tensor),
      gradFunc: () => {
        throw new Error('paid for')
      },
    }))
    const loss: Loss = (left, right) => tf.add(tf.sum(left.points), costly(right.points)) as Scalar
    expect(() => valueAndGradientIn('mu')(loss)(mu(), nu())).not.toThrow()
    expect(() => valueAndGradientIn('nu')(loss)(mu(), nu())).toThrow('paid for')
  })

  test('losses can be differentiated by tfjs itself', () => {
    const slopes = tf.grad((points) => pipe(product, scale(2))({ ...mu(), points: points as Measure['points'] }, nu()))
    expect([...slopes(mu().points).dataSync()]).toEqual([22, 22, 44, 44])
  })

  test('nothing is left behind but the result, and the measures are as they were', () => {
    const [from, to] = [mu(), nu()]
    const all = pipe(
      product,
      add(scale(0.1)(product)),
      debias,
      symmetrise,
      pullback((x) => tf.square(x)),
      minibatch(key(1), 1),
      squareRoot,
    )
    withoutLeaks(() => all(from, to))
    withoutLeaks(() => valueAndGradient(all)(from, to))
    withoutLeaks(() => valueAndGradientIn('mu')(all)(from, to))
    withoutLeaks(() => toNumber(all)(from, to))
    expect([...from.points.dataSync(), ...from.weights.dataSync()]).toEqual([1, 2, 3, 4, 1, 2])
  })

  test('the same call twice gives the same bits', () => {
    const loss = pipe(product, minibatch(key(1), 1), squareRoot)
    expect(toNumber(loss)(mu(), nu())).toBe(toNumber(loss)(mu(), nu()))
  })

  test('bad options are refused before any work', () => {
    expect(() => scale(Number.NaN)).toThrow(/scale: factor: expected a finite number, got NaN/)
    expect(() => minibatch(key(1), 0)).toThrow(/minibatch: n: expected a whole number of at least 1, got 0/)
    expect(() => minibatch(key(1), 1.5)).toThrow(/minibatch: n/)
    expect(() =>
      requireSameDimension('here', mu(), { weights: tensorFrom([1], [1]), points: tensorFrom([1], [1, 1]) }),
    ).toThrow(/here: points of dimension 2 and 1/)
  })
})
