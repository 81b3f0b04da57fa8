import { Tensor, customGrad, dispose, engine, tidy, zeros, zerosLike } from '@tensorflow/tfjs-core'

/**
 * Runs `body` without leaving a trace on tfjs's tape, and frees all tensors that it made but those that it `keep`ed and
 * the one that it returns, if that is what it returns. What is on the tape stays in memory until the gradient is taken,
 * and with it every block of the cost matrix.
 */
export const untaped = <A>(body: () => A): A => {
  const results: A[] = []
  const operation = customGrad(() => {
    const result = body()
    results.push(result)
    return { value: result instanceof Tensor ? result : zeros([]), gradFunc: () => [] }
  })
  const value = operation()
  const [result] = results as [A]
  if (result instanceof Tensor) return value as A & Tensor
  dispose(value)
  return result
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
