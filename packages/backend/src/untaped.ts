import { customGrad, engine, tidy, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'

/**
 * Runs `body` without leaving a trace on tfjs's tape, and frees all that it made but its result. What is on the tape
 * stays in memory until the gradient is taken, and with it every block of the cost matrix.
 */
export const untaped = <T extends Tensor>(body: () => T): T => {
  const operation = customGrad(() => ({ value: body(), gradFunc: () => [] }))
  return operation() as T
}

/**
 * The gradient of `sum(upstream * f(x))` in `x` by tfjs, on a tape of its own: it works inside `untaped` and inside
 * a user's `tf.grad` alike, and neither sees it. Zero where `f` does not depend on `x`.
 */
export const differentiate = <T extends Tensor>(f: (x: T) => Tensor, x: T, upstream: Tensor): T => {
  const { state } = engine()
  const { activeTape, gradientDepth, kernelDepth } = state
  state.gradientDepth = 0
  state.kernelDepth = 0
  try {
    return tidy(() => engine().gradients(() => f(x), [x], upstream, true).grads[0] ?? zerosLike(x)) as T
  } finally {
    Object.assign(state, { activeTape, gradientDepth, kernelDepth })
  }
}
