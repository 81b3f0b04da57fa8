import { dispose, engine } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'

/** A scalar and its gradient in each of the inputs, undefined where it does not depend on one. */
export interface TapedGradients {
  readonly value: Scalar
  readonly gradients: readonly (Tensor | undefined)[]
}

/**
 * What `evaluate` computes from the inputs, and its gradients in them by tfjs's tape. To be called within `tidy`, after
 * `registerGradients`; the inputs need identities of their own. What else was made on the way is the tidy's to free,
 * and where `evaluate` throws, so is what the tape has saved.
 */
export const tapedGradients = (evaluate: () => Scalar, inputs: readonly Tensor[]): TapedGradients => {
  // tfjs asks for at least one input.
  if (inputs.length === 0) return { value: evaluate().clone(), gradients: [] }
  try {
    // tfjs's own grads() refuses a function that does not depend on all of its arguments; the engine can be asked not to.
    const { value, grads } = engine().gradients(evaluate, [...inputs], undefined, true)
    // A copy, because a loss may return a tensor that it holds.
    return { value: value.clone(), gradients: grads }
  } catch (error) {
    discardTape()
    throw error
  }
}

// Of a computation that threw, tfjs keeps what the tape has saved.
const discardTape = (): void => {
  const { state } = engine()
  if (state.gradientDepth > 0 || (state.activeTape as typeof state.activeTape | null) === null) return
  for (const { saved } of state.activeTape) dispose(saved)
  Object.assign(state, { activeTape: null })
}
