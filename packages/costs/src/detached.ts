import { customGrad, zerosLike } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor } from '@tensorflow/tfjs-core'

/**
 * `value(x)` as something that does not change with x: what comparisons and choices need, for which tfjs knows no
 * gradient and would refuse to differentiate whatever they occur in.
 */
export const detached =
  (value: (x: Tensor) => Tensor) =>
  (x: Tensor): Tensor =>
    customGrad((...inputs) => {
      const input = inputs[0] as Tensor
      const save = inputs[1] as unknown as GradSaveFunc
      save([input])
      return { value: value(input), gradFunc: (_, saved) => zerosLike(saved[0] as Tensor) }
    })(x)
