import { customGrad, dispose, zeros } from '@tensorflow/tfjs-core'

/**
 * Runs a computation whose operations do not go on tfjs's tape: solvers, whose gradients come from elsewhere. Tensors
 * made on the way are freed, save those that were `keep`ed.
 */
export const untaped = <A>(body: () => A): A => {
  const results: A[] = []
  const operation = customGrad(() => {
    results.push(body())
    return { value: zeros([]), gradFunc: () => [] }
  })
  dispose(operation())
  return results[0]
}
