import { tensorFrom } from '@monge/backend'
import { requireInteger } from '@monge/errors'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Layer } from './perceptron.js'
import type { PointMap } from './point-map.js'
import { affine } from './product.js'

/**
 * `x W + b`, `[n, inputs] -> [n, outputs]`, starting at the identity (with zeros beyond the shorter side): of standard
 * normal noise, the normal distributions of mean `b` and covariance `Wᵀ W`.
 */
export const affineMap = (inputs: number, outputs: number = inputs): PointMap<Layer> => {
  requireInteger(1)('affineMap: inputs', inputs)
  requireInteger(1)('affineMap: outputs', outputs)
  return {
    init: () => ({
      weights: tensorFrom<Tensor2D>(
        Array.from({ length: inputs * outputs }, (_, i) => (Math.floor(i / outputs) === i % outputs ? 1 : 0)),
        [inputs, outputs],
      ),
      bias: tensorFrom<Tensor1D>(new Float64Array(outputs), [outputs]),
    }),
    apply: ({ weights, bias }, points) => affine(points, weights, bias),
  }
}
