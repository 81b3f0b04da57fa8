import { mongeError } from '@monge/errors'
import { Tensor, clone } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Params } from '../params.js'
import type { PointMap } from './point-map.js'

/** What `fromLayers` asks of a tfjs-layers model: its trainable weights, and how it is called. */
export interface LayersModel {
  readonly trainableWeights: readonly LayersVariable[]
  apply(input: Tensor2D, options?: { readonly training?: boolean }): unknown
}

/** A variable of tfjs-layers, which its layers read by this function. */
export interface LayersVariable {
  read: () => Tensor
}

/**
 * The map that a model of tfjs-layers is, `[n, k] -> [n, d]`, starting from its weights as they are, whatever the key.
 * While the map is applied, the model's layers read the given parameters in place of their variables; the model itself
 * does not learn. It is applied as for training: tfjs-layers frees what gradients need otherwise.
 *
 * @throws InvalidArgument if the model's output is not one tensor `[n, d]`
 */
export const fromLayers = (model: LayersModel): PointMap<readonly Tensor[]> => ({
  init: () => model.trainableWeights.map((variable) => clone(variable.read())),
  apply: (params, points) => {
    const readers = model.trainableWeights.map(({ read }) => read)
    try {
      model.trainableWeights.forEach((variable, i) => {
        const given = params[i]
        if (given !== undefined) variable.read = () => given
      })
      const output = model.apply(points, { training: true })
      if (!(output instanceof Tensor) || output.rank !== 2)
        throw mongeError('InvalidArgument', 'fromLayers', 'expected a model whose output is one tensor [n, d]')
      return output as Tensor2D
    } finally {
      model.trainableWeights.forEach((variable, i) => {
        variable.read = readers[i] ?? variable.read
      })
    }
  },
})

/** The map that two functions of yours are: parameters from a key, and points from parameters and points. */
export const fromFunction = <P extends Params>(
  init: PointMap<P>['init'],
  apply: PointMap<P>['apply'],
): PointMap<P> => ({ init, apply })
