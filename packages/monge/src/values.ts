import type { Float } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'

/** A copy of a tensor's values; tfjs hands out a backend's own storage. */
export const valuesOf = (tensor: Tensor): Float => tensor.dataSync<'float32'>().slice()
