import { Tensor } from '@tensorflow/tfjs-core'

/** Whether a value is a tensor, of any rank. */
export const isTensor = (value: unknown): value is Tensor => value instanceof Tensor
