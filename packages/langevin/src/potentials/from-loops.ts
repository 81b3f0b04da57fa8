import { tensorFrom } from '@monge/backend'
import type { Float, Place } from '@monge/backend'
import { customGrad, expandDims, mul, tidy } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { requireDimension } from '../dimension.js'
import type { HostField, Potential, ValueAndGradient } from '../potential.js'

/** What a potential in plain loops is made of. */
export interface Loops {
  readonly name: string
  readonly dimension?: number
  readonly onHost: HostField
}

/** The potential that loops over numbers on the host compute, as tensors of a place. */
export const fromLoops =
  ({ name, dimension, onHost }: Loops) =>
  (place: Place): Potential => {
    const both = (points: Tensor2D): ValueAndGradient => {
      const [n, d] = points.shape
      requireDimension(name, dimension, d)
      const [value, gradient] = [new Float64Array(n), new Float64Array(n * d)]
      onHost(points.dataSync() as Float, d, gradient, value)
      return { value: tensorFrom<Tensor1D>(value, [n]), gradient: tensorFrom<Tensor2D>(gradient, [n, d]) }
    }
    const value = (points: Tensor2D): Tensor1D => {
      const operation = customGrad((...inputs) => {
        const [at, save] = inputs as unknown as [Tensor2D, GradSaveFunc]
        const result = both(at)
        save([result.gradient])
        const gradFunc = (upstream: Tensor1D, [slopes]: Tensor2D[]): Tensor2D =>
          place.within(() => mul(slopes as Tensor2D, expandDims(upstream, 1)))
        return { value: result.value, gradFunc: gradFunc as never }
      })
      return operation(points) as Tensor1D
    }
    return {
      name,
      place,
      ...(dimension === undefined ? {} : { dimension }),
      onHost,
      value: (points) => place.within(() => tidy(() => value(points))),
      gradient: (points) => place.within(() => tidy(() => both(points).gradient)),
      valueAndGradient: (points) => place.within(() => both(points)),
    }
  }
