import { add, customGrad, engine, matMul, mul, ones, relu, sum, transpose } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { machineHere } from '../engine/machine.js'
import type { Machine } from '../engine/machine.js'
import { multiply, sumOfRows } from '../engine/multiply.js'
import type { Turned } from '../engine/multiply.js'
import { rectified, whereAbove } from './rectify.js'

const upright: Turned = { left: false, right: false }

/**
 * The product of two matrices, or of their transposes. On tfjs's plain backend, whose own takes fifty times as long, it
 * comes from WebAssembly. tfjs's wasm backend has a plain loop for transposed matrices, ten times slower than its product:
 * there, what is transposed is transposed first.
 */
export const product = (left: Tensor2D, right: Tensor2D, turned: Turned = upright): Tensor2D => {
  const machine = machineHere()
  if (machine !== undefined) return fast(machine, left, right, turned)
  return engine().backendName === 'wasm' && turned === upright
    ? taped(left, right)
    : matMul(left, right, turned.left, turned.right)
}

/**
 * `x W + b`: `points` `[n, d]`, `weights` `[d, k]`, and `bias` `[k]` added to each row; differentiable in all three. On tfjs's
 * plain backend it is computed by WebAssembly.
 */
export const affine = (points: Tensor2D, weights: Tensor2D, bias: Tensor1D): Tensor2D => {
  const machine = machineHere()
  return machine === undefined ? add(product(points, weights), bias) : fast(machine, points, weights, upright, bias)
}

/** `max(x W + b, 0)` */
export const rectifiedAffine = (points: Tensor2D, weights: Tensor2D, bias: Tensor1D): Tensor2D => {
  const machine = machineHere()
  return machine === undefined ? rectified(affine(points, weights, bias)) : fast(machine, points, weights, upright, bias, true)
}

const fast = (
  machine: Machine,
  left: Tensor2D,
  right: Tensor2D,
  turned: Turned,
  bias?: Tensor1D,
  isRectified = false,
): Tensor2D =>
  customGrad((...inputs) => {
    // tfjs types the arguments of a custom operation as tensors or `save` alike; `save` comes last.
    const [a, b] = inputs as [Tensor2D, Tensor2D]
    const save = inputs.at(-1) as unknown as GradSaveFunc
    const value = multiply(machine, { left: a, right: b, turned, bias, rectified: isRectified }) ?? plainly(a, b, turned, bias, isRectified)
    // Above zero, what is rectified is what it was.
    save(isRectified ? [a, b, value] : [a, b])
    return {
      value,
      gradFunc: (upstream, saved) => {
        const [x, w, y] = saved as [Tensor2D, Tensor2D, Tensor2D?]
        const slope = y === undefined ? (upstream as Tensor2D) : whereAbove(y, upstream as Tensor2D)
        const slopes: Tensor[] = [
          turned.left
            ? product(w, slope, { left: turned.right, right: true })
            : product(slope, w, { left: false, right: !turned.right }),
          turned.right
            ? product(slope, x, { left: true, right: turned.left })
            : product(x, slope, { left: !turned.left, right: false }),
        ]
        return bias === undefined ? slopes : [...slopes, columnSums(slope)]
      },
    }
  })(left, right, ...(bias === undefined ? [] : [bias])) as Tensor2D

const plainly = (a: Tensor2D, b: Tensor2D, turned: Turned, bias: Tensor1D | undefined, isRectified: boolean): Tensor2D => {
  const products = matMul<Tensor2D>(a, b, turned.left, turned.right)
  const sums = bias === undefined ? products : add<Tensor2D>(products, bias)
  return isRectified ? relu(sums) : sums
}

/** `[m, n] -> [n]` */
const columnSums = (rows: Tensor2D): Tensor1D =>
  customGrad((...inputs) => {
    const summed = inputs[0] as Tensor2D
    const machine = machineHere()
    return {
      value: (machine && sumOfRows(machine, summed)) ?? sum<Tensor1D>(summed, 0),
      gradFunc: (upstream) => mul(ones(summed.shape), upstream as Tensor1D),
    }
  })(rows) as Tensor1D

const taped = (left: Tensor2D, right: Tensor2D): Tensor2D =>
  customGrad((...inputs) => {
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
