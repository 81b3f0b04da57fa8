import { registerGradients, tensorFrom } from '@monge/backend'
import { dispose, grad, mul, relu, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { onBackends, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { affine, rectifiedAffine } from './product.js'
import { rectified } from './rectify.js'

const values = [-2, -0, 0, 1e-30, 3, NaN, Infinity, -Infinity, 5]

onBackends(['simd'])('what is above zero', (backend) => {
  const slopesOf = (f: (x: Tensor2D) => Tensor2D, at: Tensor2D): Tensor2D => {
    const upstream = tensorFrom<Tensor2D>(values.map((_, i) => i + 1), at.shape)
    const slopes = grad((x) => tidy(() => sum(mul(f(x as Tensor2D), upstream))))(at) as Tensor2D
    dispose(upstream)
    return slopes
  }

  test('has tfjs’s values and slopes, of what is not a number too', () => {
    backend().within(() => {
      registerGradients()
      const x = tensorFrom<Tensor2D>(values, [3, 3])
      withoutLeaks(() => {
        const [ours, theirs] = [rectified(x), relu(x)]
        expect(Array.from(ours.dataSync(), (value) => value + 0)).toEqual(Array.from(theirs.dataSync(), (value) => value + 0))
        const slopes = [slopesOf(rectified, x), slopesOf(relu, x)] as const
        expect(Array.from(slopes[0].dataSync())).toEqual(Array.from(slopes[1].dataSync()))
        expect(slopes[0].dataSync()[5]).toBeNaN()
        dispose([ours, theirs, ...slopes])
      })
      dispose(x)
    })
  })

  test('of a layer is the same in one go', () => {
    backend().within(() => {
      registerGradients()
      const x = tensorFrom<Tensor2D>(values.map((value, i) => (Number.isFinite(value) ? value : i - 6)), [3, 3])
      const w = tensorFrom<Tensor2D>([1, -2, 3, 0, 1, -1, 2, 1, 1], [3, 3])
      const b = tensorFrom<Tensor1D>([0.5, NaN, -1], [3])
      withoutLeaks(() => {
        const fused = tidy(() => rectifiedAffine(x, w, b))
        const apart = tidy(() => rectified(affine(x, w, b)))
        expect(fused.dataSync()).toEqual(apart.dataSync())
        expect(Number.isNaN(fused.dataSync()[1])).toBe(true)
        const slopes = [slopesOf((at) => rectifiedAffine(at, w, b), x), slopesOf((at) => rectified(affine(at, w, b)), x)] as const
        expect(slopes[0].dataSync()).toEqual(slopes[1].dataSync())
        dispose([fused, apart, ...slopes])
      })
      dispose([x, w, b])
    })
  })
})
