import { dispose, memory } from '@tensorflow/tfjs-core'
import type { TensorContainer } from '@tensorflow/tfjs-core'
import { expect } from 'vitest'

/**
 * Runs `body`, disposes of the tensors in what it returns (a tensor, or a record or list of them), and asserts that no
 * other tensor is left behind. Await it where the body is asynchronous.
 */
export const withoutLeaks: {
  <A>(body: () => Promise<A>): Promise<void>
  (body: () => unknown): void
} = (body: () => unknown): Promise<void> => {
  const before = memory().numTensors
  const check = (result: unknown): void => {
    dispose(result as TensorContainer)
    expect(memory().numTensors - before, 'tensors left behind').toBe(0)
  }
  const result = body()
  if (result instanceof Promise) return result.then(check)
  check(result)
  return Promise.resolve()
}
