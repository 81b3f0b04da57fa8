import { registerGradients, tensorFrom } from '@monge/backend'
import { key, normal } from '@monge/random'
import { dispose, grads, mul, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { affine, product } from './product.js'

type Rows = readonly (readonly number[])[]

const matrix = (m: number, n: number, seed: number): Rows => {
  const values = normal(m * n)(key(seed))
  return Array.from({ length: m }, (_, i) => Array.from(values.subarray(i * n, (i + 1) * n)))
}
const transposed = (rows: Rows): Rows => (rows[0] ?? []).map((_, j) => rows.map((row) => row[j] ?? NaN))
const times = (one: Rows, other: Rows): Rows => {
  const columns = transposed(other)
  return one.map((row) => columns.map((column) => row.reduce((total, value, k) => total + value * (column[k] ?? NaN), 0)))
}

const forms = [
  { left: false, right: false },
  { left: true, right: false },
  { left: false, right: true },
  { left: true, right: true },
]

eachBackend('products of matrices', (backend) => {
  const tensorOf = (rows: Rows): Tensor2D => tensorFrom<Tensor2D>(rows.flat(), [rows.length, rows[0]?.length ?? 0])
  const expectClose = (tensor: Tensor2D | Tensor1D, rows: Rows, depth: number): void => {
    const got = Array.from(tensor.dataSync())
    const wanted = rows.flat()
    expect(got).toHaveLength(wanted.length)
    const error = Math.max(...got.map((value, i) => Math.abs(value - (wanted[i] ?? NaN))))
    expect(error).toBeLessThanOrEqual(Math.sqrt(depth) * tolerance(backend(), { float64: 1e-12, float32: 1e-5 }))
  }

  const expectProduct = (m: number, n: number, depth: number, seed: number, turned: (typeof forms)[number]): void => {
    const [left, right, slope] = [matrix(m, depth, seed), matrix(depth, n, seed + 1), matrix(m, n, seed + 2)]
    backend().within(() => {
      registerGradients()
      const a = tensorOf(turned.left ? transposed(left) : left)
      const b = tensorOf(turned.right ? transposed(right) : right)
      const c = tensorOf(slope)
      withoutLeaks(() => {
        const value = product(a, b, turned)
        expectClose(value, times(left, right), depth)
        const [ofA, ofB] = grads((x, y) => tidy(() => sum(mul(product(x as Tensor2D, y as Tensor2D, turned), c))))([a, b]) as [Tensor2D, Tensor2D]
        const [wantedA, wantedB] = [times(slope, transposed(right)), times(transposed(left), slope)]
        expectClose(ofA, turned.left ? transposed(wantedA) : wantedA, n)
        expectClose(ofB, turned.right ? transposed(wantedB) : wantedB, m)
        dispose([value, ofA, ofB])
      })
      dispose([a, b, c])
    })
  }

  describe.each(forms)('with $left and $right transposed', (turned) => {
    test('are sums of products, and so are their gradients', () => {
      const size = fc.integer({ min: 1, max: 19 })
      fc.assert(
        fc.property(size, size, size, fc.nat(1000), (m, n, depth, seed) => expectProduct(m, n, depth, seed, turned)),
        { numRuns: runs(100) },
      )
    })

    test('are so where they are taken in blocks', () => {
      expectProduct(70, 21, 300, 1, turned)
      expectProduct(5, 300, 66, 2, turned)
    })
  })

  test('with a bias add it to every row, and its gradient is the sum of all', () => {
    const [x, w, b, slope] = [matrix(7, 5, 1), matrix(5, 11, 2), matrix(1, 11, 3), matrix(7, 11, 4)]
    backend().within(() => {
      registerGradients()
      const [points, weights, c] = [tensorOf(x), tensorOf(w), tensorOf(slope)]
      const bias = tensorFrom<Tensor1D>(b.flat(), [11])
      withoutLeaks(() => {
        const value = tidy(() => affine(points, weights, bias))
        expectClose(value, times(x, w).map((row) => row.map((entry, j) => entry + (b[0]?.[j] ?? NaN))), 5)
        const slopes = grads((...inputs) => tidy(() => sum(mul(affine(...(inputs as [Tensor2D, Tensor2D, Tensor1D])), c))))([points, weights, bias])
        const [ofPoints, ofWeights, ofBias] = slopes as [Tensor2D, Tensor2D, Tensor1D]
        expectClose(ofPoints, times(slope, transposed(w)), 11)
        expectClose(ofWeights, times(transposed(x), slope), 7)
        expectClose(ofBias, [transposed(slope).map((column) => column.reduce((total, entry) => total + entry, 0))], 7)
        dispose([value, ...slopes])
      })
      dispose([points, weights, bias, c])
    })
  })

  test('have gradients of gradients', () => {
    const [x, y] = [matrix(4, 3, 1), matrix(3, 2, 2)]
    backend().within(() => {
      registerGradients()
      const [a, b] = [tensorOf(x), tensorOf(y)]
      // Of |A B|² in A: 2 A B Bᵀ; the sum of its squares, in A: 8 A (B Bᵀ)².
      const slopeOf = grads((one, other) =>
        tidy(() => {
          const whole = product(one as Tensor2D, other as Tensor2D)
          return sum(mul(whole, whole))
        }),
      )
      const second = grads((one) => tidy(() => {
        const [slope] = slopeOf([one, b]) as [Tensor2D, Tensor2D]
        return sum(mul(slope, slope))
      }))
      withoutLeaks(() => {
        const [got] = second([a]) as [Tensor2D]
        const square = times(y, transposed(y))
        const wanted = times(times(x, square), square).map((row) => row.map((entry) => 8 * entry))
        expectClose(got, wanted, 1e4)
        dispose(got)
      })
      dispose([a, b])
    })
  })
})
