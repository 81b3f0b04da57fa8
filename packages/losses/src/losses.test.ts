import { constant, tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
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
  envelopeTerm,
  lossAt,
  map,
  minibatch,
  pullback,
  requireSameDimension,
  scale,
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

  test.each([
    ['what still waits for its backend', () => () => tf.scalar(1)],
    ['a number', () => 1],
    ['nothing', undefined],
    ['an object', {}],
  ])('%s is refused as a loss', (_, given) => {
    const loss = given as unknown as Loss
    const [from, to] = [mu(), nu()]
    withoutLeaks(() => {
      for (const differentiate of [valueAndGradient(loss), valueAndGradientIn('nu')(loss)])
        expect(() => differentiate(from, to)).toThrow(/valueAndGradient: expected a loss, .* given its backend/)
    })
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

  test('a loss at a place is differentiated there, and one without a place wherever that is', () => {
    let [entered, inside] = [0, false]
    const base = backend()
    const place: Place = {
      ...base,
      within: (body) => {
        const before = inside
        entered += 1
        inside = true
        try {
          return base.within(body)
        } finally {
          inside = before
        }
      },
    }
    const seen: boolean[] = []
    const spied = tf.customGrad((...inputs) => ({
      value: tf.sum(inputs[0] as tf.Tensor),
      gradFunc: (upstream) => {
        seen.push(inside)
        return tf.mul(tf.onesLike(inputs[0] as tf.Tensor), upstream)
      },
    }))
    const loss: Loss = (left) => spied(left.points) as Scalar
    valueAndGradient(lossAt(place, loss))(mu(), nu())
    valueAndGradientIn('mu')(lossAt(place, loss))(mu(), nu())
    expect(seen).toEqual([true, true])
    const after = entered
    valueAndGradient(loss)(mu(), nu())
    expect([entered, seen.at(-1)]).toEqual([after, false])
  })

  test('all that is made of a loss is at its place, and nothing else is', () => {
    const there = lossAt(backend(), product)
    const makers: readonly ((loss: Loss) => Loss)[] = [
      add(product),
      (loss) => add(loss)(product),
      scale(2),
      map((value) => value),
      symmetrise,
      debias,
      squareRoot,
      pullback((points) => points),
      minibatch(key(1), 1),
      (loss) => sum([product, loss]),
    ]
    for (const make of makers) {
      expect(make(there).place).toBe(backend())
      expect(make(product).place).toBeUndefined()
    }
    expect(zero.place).toBeUndefined()
  })

  test.each([1, 3, -0.5])('an envelope term passes on %s times its slopes, each a tensor of its own', (factor) => {
    withoutLeaks(() => {
      const [from, to] = [mu(), nu()]
      const slopes = { weights: tensorFrom<tf.Tensor1D>([0.1, -2], [2]), points: tensorFrom<tf.Tensor2D>([3, 4.7, 5, 1 / 3], [2, 2]) }
      const loss = lossAt(backend(), (left) =>
        tf.mul(envelopeTerm({ place: backend(), measure: left, value: () => constant(7), saved: [], gradient: () => slopes }), constant(factor)),
      )
      const { value, mu: found, nu: none } = valueAndGradient(loss)(from, to)
      expect([...value.dataSync()]).toEqual([7 * factor])
      const rounded = (slope: number): number => (backend().precision === 'float64' ? slope : Math.fround(slope))
      expect([...found.weights.dataSync()]).toEqual([0.1, -2].map((slope) => rounded(factor * rounded(slope))))
      expect([...found.points.dataSync()]).toEqual([3, 4.7, 5, 1 / 3].map((slope) => rounded(factor * rounded(slope))))
      expect(found.points.shape).toEqual([2, 2])
      tf.dispose([value, found, none] as never)
      // The slopes are still their owner's, though gradients that are added up are freed on the way.
      const twice = valueAndGradientIn('mu')(add(loss)(loss))(from, to)
      expect([...twice.gradient.weights.dataSync()]).toEqual([0.1, -2].map((slope) => 2 * rounded(factor * rounded(slope))))
      tf.dispose(twice as never)
      expect([...slopes.weights.dataSync(), ...slopes.points.dataSync()]).toEqual([0.1, -2, 3, 4.7, 5, 1 / 3].map(rounded))
      return [from, to, slopes]
    })
  })

  test('what an envelope term passes on can be differentiated again', () => {
    const squared = (points: tf.Tensor): Scalar => {
      const measure = { weights: tensorFrom<tf.Tensor1D>([1, 1], [2]), points: points as tf.Tensor2D }
      const value = () => tf.mul(tf.sum(tf.square(measure.points)), constant(0.5)) as Scalar
      const gradient = ({ points: at, weights }: Measure) => ({ points: at, weights: tf.zerosLike(weights) })
      return tf.square(envelopeTerm({ place: backend(), measure, value, saved: [], gradient }))
    }
    const slopes = (points: tf.Tensor): tf.Tensor => tf.grad(squared)(points)
    const [at, twice] = backend().within(() => {
      const points = tensorFrom<tf.Tensor2D>([1, 2, 3, -1], [2, 2])
      return [slopes(points), tf.grad((x) => tf.sum(slopes(x)))(points)]
    }) as [tf.Tensor, tf.Tensor]
    // The value is 15 / 2: slopes of its square are 15 x, and their sum has the slopes 15 + 2 x · 5.
    expect([...at.dataSync()]).toEqual([15, 30, 45, -15])
    expect([...twice.dataSync()]).toEqual([25, 35, 45, 5])
  })

  test('a term that throws within a computation that goes on does not disturb it', () => {
    const broken: Loss = (left, right) => {
      product(left, right)
      throw new Error('broken')
    }
    const loss: Loss = (left, right) => {
      const doubled = tf.mul(product(left, right), constant(2))
      expect(() => valueAndGradient(broken)(left, right)).toThrow('broken')
      return tf.add(doubled, product(left, right))
    }
    const { value, mu: first } = valueAndGradient(loss)(mu(), nu())
    expect([...value.dataSync()]).toEqual([561])
    expect([...first.points.dataSync()]).toEqual([33, 33, 66, 66])
  })

  test('what has no inputs has no gradients', () =>
    withoutLeaks(() => {
      const held = constant(3)
      const { value, gradients } = tapedGradients(() => held, [])
      expect([[...value.dataSync()], gradients]).toEqual([[3], []])
      expect(value).not.toBe(held)
      return [held, value]
    }))

  test('a batch is drawn in proportion to weights, and never a point without', () => {
    const weights = [0, 3, 0, 1, 0, 2, 2, 0]
    tf.tidy(() => {
      const cloud: Measure = { weights: tensorFrom(weights, [8]), points: tensorFrom([0, 1, 2, 3, 4, 5, 6, 7], [8, 1]) }
      for (let seed = 0; seed < 40; seed++) {
        const drawn: number[][] = []
        const look: Loss = (left) => {
          drawn.push([...left.points.dataSync()], [...left.weights.dataSync()])
          return tf.sum(left.weights)
        }
        toNumber(minibatch(key(seed), 4)(look))(cloud, cloud)
        const [points = [], masses = []] = drawn
        // Shares of 8 / 4: a point of weight 2 is drawn once, one of weight 3 once or twice.
        expect(masses.map((mass) => Math.round(1e4 * mass) / 1e4)).toEqual([2, 2, 2, 2])
        const times = [0, 1, 2, 3, 4, 5, 6, 7].map((point) => points.filter((each) => each === point).length)
        times.forEach((count, point) => {
          const share = (weights[point] ?? 0) / 2
          expect(count).toBeGreaterThanOrEqual(Math.floor(share))
          expect(count).toBeLessThanOrEqual(Math.ceil(share))
        })
      }
    })
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
