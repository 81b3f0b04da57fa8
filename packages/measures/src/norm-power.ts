import { constant } from '@monge/backend'
import { add, cast, customGrad, equal, expandDims, mul, pow, sum, zerosLike } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor, Tensor2D } from '@tensorflow/tfjs-core'

/** `|x_i|^order`, `[n, d] -> [n, 1]`, with slope zero at the origin, where tfjs's own would be NaN. */
export const normPower =
  (order: number) =>
  (points: Tensor2D): Tensor2D =>
    customGrad((...inputs) => {
      const [rows, save] = inputs as [Tensor, GradSaveFunc]
      save([rows])
      return {
        value: pow(squares(rows), constant(order / 2)),
        gradFunc: (upstream, saved) => {
          const [kept] = saved as [Tensor]
          const lengths = squares(kept)
          // At the origin the power of one stands in for one of zero; the point itself makes the slope zero there.
          const safe = add(lengths, cast(equal(lengths, zerosLike(lengths)), 'float32'))
          return mul(upstream, mul(kept, mul(constant(order), pow(safe, constant(order / 2 - 1)))))
        },
      }
    })(points) as Tensor2D

const squares = (rows: Tensor): Tensor => expandDims(sum(mul(rows, rows), 1), 1)
