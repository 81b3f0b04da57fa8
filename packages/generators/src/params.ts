import type { Tensor } from '@tensorflow/tfjs-core'

/** The parameters of a model: a plain, immutable tree of tensors. */
export type Params = Tensor | readonly Params[] | { readonly [name: string]: Params }
