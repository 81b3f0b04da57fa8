import { customGrad, div, greater, mul, sqrt, where, zerosLike } from '@tensorflow/tfjs-core'
import { constant } from '@monge/backend'
import type { GradSaveFunc, Scalar, Tensor } from '@tensorflow/tfjs-core'
import { map } from './algebra.js'
import type { Loss } from './loss.js'

/**
 * The square root of a loss. A value that is not above zero, as rounding may make it, has root zero; there the root has
 * no gradient, and zero is returned.
 */
export const squareRoot: (loss: Loss) => Loss = map((value) => root(value))

const root = (value: Scalar): Scalar =>
  customGrad((...inputs) => {
    const input = inputs[0] as Tensor
    const save = inputs[1] as unknown as GradSaveFunc
    const result = sqrt(where(greater(input, zerosLike(input)), input, zerosLike(input)))
    save([result])
    return {
      value: result,
      gradFunc: (upstream, saved) => {
        const kept = saved[0] as Tensor
        const isPositive = greater(kept, zerosLike(kept))
        const divisor = mul(where(isPositive, kept, constant(1)), constant(2))
        return where(isPositive, div(upstream, divisor), zerosLike(upstream))
      },
    }
  })(value) as Scalar
