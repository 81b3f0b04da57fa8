import { constant, tensorFrom } from '@monge/backend'
import { requireInteger, requireKnownKeys } from '@monge/errors'
import { sumOf } from '@monge/generators'
import { split } from '@monge/random'
import { concat, cos, expandDims, mul, sin } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { affineApply, affineInit, swish } from './layers.js'
import type { Affine } from './layers.js'
import type { NoiseNetwork } from './network.js'

/** The size of a residual network. */
export interface ResidualOptions {
  /** Of the points. */
  readonly dimension: number
  /** Of the hidden rows, 256 by default. */
  readonly width?: number
  /** How many blocks there are, 2 by default. */
  readonly blocks?: number
  /** How many frequencies tell the noise level, 12 by default. */
  readonly frequencies?: number
}

/** A block adds to its rows what two maps make of them, told the noise level between. */
type Block = Readonly<Record<'first' | 'level' | 'second', Affine>>

/** The parameters of a residual network. */
export type ResidualParams = Readonly<{ entry: Affine; blocks: readonly Block[]; exit: Affine }>

/**
 * A residual perceptron that knows the noise level by Fourier features of its logarithm, `cos` and `sin` of `k log(σ) / 4`
 * for k = 1, 2, … (Song et al. 2021 take random frequencies). Blocks are `h + W₂ swish(W₁ swish(h) + W₃ features)`
 * (He et al., Identity mappings in deep residual networks, 2016); the last map begins at zero, and so does the network.
 *
 * @throws InvalidOption
 */
export const residualNetwork = (options: ResidualOptions): NoiseNetwork<ResidualParams> => {
  requireKnownKeys(['dimension', 'width', 'blocks', 'frequencies'])('residualNetwork', options)
  const dimension = requireInteger(1)('residualNetwork: dimension', options.dimension)
  const width = requireInteger(1)('residualNetwork: width', options.width ?? 256)
  const count = requireInteger(1)('residualNetwork: blocks', options.blocks ?? 2)
  const frequencies = requireInteger(1)('residualNetwork: frequencies', options.frequencies ?? 12)
  return {
    dimension,
    init: (key) => {
      const [forEntry = key, ...forBlocks] = split(1 + count)(key)
      return {
        entry: affineInit(dimension, width, forEntry),
        blocks: forBlocks.map((own): Block => {
          const [one = own, two = own, three = own] = split(3)(own)
          return {
            first: affineInit(width, width, one),
            level: affineInit(2 * frequencies, width, two),
            second: affineInit(width, width, three, 0.5),
          }
        }),
        exit: affineInit(width, dimension, forEntry, 0),
      }
    },
    apply: ({ entry, blocks, exit }, points, logLevels) => {
      const rates = tensorFrom<Tensor1D>(Float64Array.from({ length: frequencies }, (_, k) => (k + 1) / 4), [frequencies])
      const angles: Tensor2D = mul(expandDims(logLevels, 1), rates)
      const features: Tensor2D = mul(concat([cos(angles), sin(angles)], 1), constant(Math.SQRT2))
      let rows = affineApply(entry, points)
      for (const { first, level, second } of blocks) {
        const inner = sumOf(affineApply(first, swish(rows)), affineApply(level, features))
        rows = sumOf(rows, affineApply(second, swish(inner)))
      }
      return affineApply(exit, swish(rows))
    },
  }
}
