import { customGrad, matMul, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'

/**
 * `a b`, differentiable in both. tfjs differentiates with products of transposed matrices, which its WebAssembly
 * computes up to twenty times slower than plain products; so here matrices are transposed first.
 */
export const matrixProduct = (a: Tensor2D, b: Tensor2D): Tensor2D => {
  const operation = customGrad((...inputs) => {
    const [left, right, save] = inputs as unknown as [Tensor2D, Tensor2D, (tensors: Tensor[]) => void]
    save([left, right])
    const gradFunc = (upstream: Tensor, saved: Tensor[]): Tensor[] => {
      const [x, y] = saved as [Tensor2D, Tensor2D]
      return [
        tidy(() => matMul(upstream as Tensor2D, transpose(y))),
        tidy(() => matMul(transpose(x), upstream as Tensor2D)),
      ]
    }
    return { value: matMul(left, right), gradFunc }
  })
  return operation(a, b) as Tensor2D
}
