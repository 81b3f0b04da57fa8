import { constant } from '@monge/backend'
import { requireInteger, requireKnownKeys, requirePositive } from '@monge/errors'
import { split } from '@monge/random'
import { add, mul, square, squeeze, sum } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { affineApply, affineInit, swish } from './layers.js'
import type { Affine } from './layers.js'
import type { EnergyNetwork } from './network.js'

/** The size of an energy network. */
export interface PerceptronEnergyOptions {
  /** Of the points. */
  readonly dimension: number
  /** Of the hidden rows, 256 by default. */
  readonly width?: number
  /** How many hidden layers there are, 2 by default. */
  readonly layers?: number
  /** The standard deviation of the Gaussian that the network bends, 1 by default. */
  readonly deviation?: number
}

/** The parameters of an energy network: its maps, from the points to one number. */
export type PerceptronEnergyParams = Readonly<{ layers: readonly Affine[] }>

/**
 * A smooth energy `|x|²/2s² + F(x)`, F a perceptron with sigmoid linear units whose last map begins at zero: untrained it
 * is the energy of a Gaussian, and far away it grows like one, so that `exp(-V)` has a finite mass.
 *
 * @throws InvalidOption
 */
export const perceptronEnergy = (options: PerceptronEnergyOptions): EnergyNetwork<PerceptronEnergyParams> => {
  requireKnownKeys(['dimension', 'width', 'layers', 'deviation'])('perceptronEnergy', options)
  const dimension = requireInteger(1)('perceptronEnergy: dimension', options.dimension)
  const width = requireInteger(1)('perceptronEnergy: width', options.width ?? 256)
  const count = requireInteger(1)('perceptronEnergy: layers', options.layers ?? 2)
  const deviation = requirePositive('perceptronEnergy: deviation', options.deviation ?? 1)
  return {
    dimension,
    init: (key) => ({
      layers: split(count + 1)(key).map((own, index) =>
        index === count ? affineInit(width, 1, own, 0) : affineInit(index === 0 ? dimension : width, width, own),
      ),
    }),
    apply: ({ layers }, points) => {
      const last = layers.length - 1
      const rows = layers.reduce<Tensor2D>((x, layer, index) => {
        const next = affineApply(layer, x)
        return index < last ? swish(next) : next
      }, points)
      const bowl: Tensor1D = mul(sum(square(points), 1), constant(1 / (2 * deviation * deviation)))
      return add(bowl, squeeze(rows, [1]))
    },
  }
}
