import { customGrad, engine, matMul, transpose } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor2D } from '@tensorflow/tfjs-core'

/**
 * The product of two matrices. tfjs's own gradient of it asks for products of transposed matrices, for which its wasm
 * backend has a plain loop that is ten times slower than its product: there, what is transposed is transposed first.
 */
export const product = (left: Tensor2D, right: Tensor2D): Tensor2D =>
  engine().backendName === 'wasm' ? taped(left, right) : matMul(left, right)

const taped = (left: Tensor2D, right: Tensor2D): Tensor2D =>
  customGrad((...inputs) => {
    // tfjs types the arguments of a custom operation as tensors or `save` alike; `save` comes last.
    const [a, b] = inputs as [Tensor2D, Tensor2D]
    const save = inputs[2] as unknown as GradSaveFunc
    save([a, b])
    return {
      value: plain(a, b),
      gradFunc: (upstream, saved) => {
        const [x, w] = saved as [Tensor2D, Tensor2D]
        const slope = upstream as Tensor2D
        return [timesTransposed(slope, w), product(transpose(x), slope)]
      },
    }
  })(left, right) as Tensor2D

// tfjs's wasm backend first packs what stands on the right, number by number: the larger one goes to the left.
const plain = (u: Tensor2D, v: Tensor2D): Tensor2D =>
  v.size > 4 * u.size ? transpose(matMul(transpose(v), transpose(u))) : matMul(u, v)

/** `u vᵀ`, transposing what is less. */
const timesTransposed = (u: Tensor2D, v: Tensor2D): Tensor2D =>
  v.size < u.size + u.shape[0] * v.shape[0] ? product(u, transpose(v)) : transpose(product(v, transpose(u)))
