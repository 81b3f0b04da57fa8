import type { Place } from '@monge/backend'
import { customGrad, expandDims, mul, tidy } from '@tensorflow/tfjs-core'
import type { GradSaveFunc, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { requireDimension } from '../dimension.js'
import { readFrom, tensorAt } from '../place.js'
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
      onHost(readFrom(points), d, gradient, value)
      return { value: tensorAt<Tensor1D>(place, value, [n]), gradient: tensorAt<Tensor2D>(place, gradient, [n, d]) }
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
    const gradientOf = (points: Tensor2D): Tensor2D => {
      const { value: unused, gradient } = both(points)
      unused.dispose()
      return gradient
    }
    return {
      name,
      place,
      ...(dimension === undefined ? {} : { dimension }),
      onHost,
      value: (points) => place.within(() => tidy(() => value(points))),
      gradient: gradientOf,
      valueAndGradient: both,
    }
  }
