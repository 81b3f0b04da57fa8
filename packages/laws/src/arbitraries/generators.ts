import fc from 'fast-check'
import { tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { normal } from '@monge/random'
import { add, matMul, tanh, tidy } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import type { Measure } from '@monge/measures'
import type { GeneratorLike } from '../generator-laws.js'
import { affineMapArbitrary } from './maps.js'
import { told } from './simplifying.js'

/** A matrix `[k, d]` and an offset `[d]` as tensors. */
export interface AffineParams {
  readonly matrix: Tensor2D
  readonly offset: Tensor1D
}

/**
 * Generators at a place, normal noise of dimension `k` through an affine map of its own or the hyperbolic tangent of
 * one. They shrink towards the map to zero, and a counterexample tells matrix and offset.
 */
export const generatorArbitrary = (
  place: () => Place,
  noiseDimension: number,
  dimension: number,
): fc.Arbitrary<GeneratorLike<AffineParams>> =>
  fc.record({ map: affineMapArbitrary(noiseDimension, dimension), bent: fc.boolean() }).map(({ map, bent }) => {
    const columns = Array.from({ length: noiseDimension }, (_, row) => map.matrix.map((entries) => entries[row] ?? 0))
    return told(`generator ${fc.stringify({ ...map, bent })}`, {
      get place() {
        return place()
      },
      noise: (from, count) =>
        place().within(() => tensorFrom<Tensor2D>(normal(count * noiseDimension)(from), [count, noiseDimension])),
      init: () =>
        place().within(() => ({
          matrix: tensorFrom<Tensor2D>(columns.flat(), [noiseDimension, dimension]),
          offset: tensorFrom<Tensor1D>(map.offset, [dimension]),
        })),
      apply: ({ matrix, offset }, noise) =>
        place().within(() => {
          const image = (): Tensor2D => {
            const moved = add<Tensor2D>(matMul<Tensor2D>(noise, matrix), offset)
            return bent ? tanh(moved) : moved
          }
          return tidy(() => uniformOn(image()) as unknown as TensorContainer) as unknown as Measure
        }),
    } satisfies GeneratorLike<AffineParams>)
  })

const uniformOn = (points: Tensor2D): Measure => ({
  points,
  weights: tensorFrom<Tensor1D>(Array.from({ length: points.shape[0] }, () => 1 / points.shape[0]), [points.shape[0]]),
})
