import { registerGradients, tensorFrom } from '@monge/backend'
import { key, normal, uniform } from '@monge/random'
import { dispose, grads, mul, sum, tidy } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { meanSquareError, rowsOver } from './rows.js'
import { differenceOf, sumOf } from './sum.js'

eachBackend('rows', (backend) => {
  const expectClose = (tensor: Tensor | undefined, wanted: readonly number[]): void => {
    const got = tensor?.dataSync() ?? []
    expect(got).toHaveLength(wanted.length)
    const most = tolerance(backend(), { float64: 1e-12, float32: 2e-5 })
    wanted.forEach((value, k) => expect(Math.abs((got[k] ?? NaN) - value)).toBeLessThanOrEqual(most * (1 + Math.abs(value))))
  }

  /** Draws rows, others and weights of a shape, and gives them to `body` at the backend, whose tensors it frees. */
  const shapes = (body: (n: number, d: number, x: Float64Array, y: Float64Array, w: Float64Array) => void): void => {
    const size = fc.integer({ min: 1, max: 11 })
    fc.assert(
      fc.property(size, size, fc.nat(1000), (n, d, seed) =>
        backend().within(() => {
          registerGradients()
          withoutLeaks(() => {
            body(n, d, normal(n * d)(key(seed)), normal(n * d)(key(seed + 1)), uniform({ low: 0.5, high: 2 }, n)(key(seed + 2)))
          })
        }),
      ),
      { numRuns: runs(100) },
    )
  }

  test('have a mean square error that is its formula, with its gradients', () => {
    shapes((n, d, x, y, w) => {
      const inputs = [tensorFrom<Tensor2D>(x, [n, d]), tensorFrom<Tensor2D>(y, [n, d]), tensorFrom<Tensor1D>(w, [n])] as const
      const f = (a: Tensor, b: Tensor, c: Tensor): Scalar => tidy(() => meanSquareError(a as Tensor2D, b as Tensor2D, c as Tensor1D))
      const value = f(...inputs)
      const slopes = grads(f as (...all: Tensor[]) => Tensor)([...inputs])
      const gaps = Array.from(x, (entry, k) => entry - (y[k] ?? NaN))
      const weightAt = (k: number): number => w[Math.floor(k / d)] ?? NaN
      expectClose(value, [gaps.reduce((total, gap, k) => total + weightAt(k) * gap * gap, 0) / (n * d)])
      expectClose(slopes[0], gaps.map((gap, k) => (2 * weightAt(k) * gap) / (n * d)))
      expectClose(slopes[1], gaps.map((gap, k) => (-2 * weightAt(k) * gap) / (n * d)))
      const squares = Array.from({ length: n }, (_, i) => gaps.slice(i * d, (i + 1) * d).reduce((total, gap) => total + gap * gap, 0))
      expectClose(slopes[2], squares.map((square) => square / (n * d)))
      dispose([value, ...slopes, ...inputs])
    })
  })

  test('over numbers of their own are quotients, with their gradients', () => {
    shapes((n, d, x, y, w) => {
      const inputs = [tensorFrom<Tensor2D>(x, [n, d]), tensorFrom<Tensor1D>(w, [n])] as const
      const slope = tensorFrom<Tensor2D>(y, [n, d])
      const quotients = rowsOver(...inputs)
      const slopes = grads((a, b) => tidy(() => sum(mul(rowsOver(a as Tensor2D, b as Tensor1D), slope))))([...inputs])
      const over = (k: number): number => w[Math.floor(k / d)] ?? NaN
      expectClose(quotients, Array.from(x, (entry, k) => entry / over(k)))
      expectClose(slopes[0], Array.from(y, (entry, k) => entry / over(k)))
      const along = Array.from(x, (entry, k) => (-entry * (y[k] ?? NaN)) / over(k) ** 2)
      expectClose(slopes[1], Array.from(w, (_, i) => along.slice(i * d, (i + 1) * d).reduce((total, value) => total + value, 0)))
      dispose([quotients, slope, ...slopes, ...inputs])
    })
  })

  test('add up and differ number by number, to the bits of float32 where that is the precision', () => {
    shapes((n, d, x, y) => {
      const [a, b] = [tensorFrom<Tensor2D>(x, [n, d]), tensorFrom<Tensor2D>(y, [n, d])]
      const [total, gap] = [sumOf(a, b), differenceOf(a, b)]
      const [one, other] = [a.dataSync(), b.dataSync()]
      const rounded = backend().precision === 'float64' ? (value: number): number => value : Math.fround
      expect(Array.from(total.dataSync())).toEqual(Array.from(one, (value, k) => rounded(value + (other[k] ?? NaN))))
      expect(Array.from(gap.dataSync())).toEqual(Array.from(one, (value, k) => rounded(value - (other[k] ?? NaN))))
      const slope = tensorFrom<Tensor2D>(y, [n, d])
      const slopes = grads((u, v) => tidy(() => sum(mul(differenceOf(u as Tensor2D, v as Tensor2D), slope))))([a, b])
      expectClose(slopes[0], Array.from(y))
      expectClose(slopes[1], Array.from(y, (value) => -value))
      dispose([a, b, total, gap, slope, ...slopes])
    })
  })
})
