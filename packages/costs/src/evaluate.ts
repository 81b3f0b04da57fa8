import { engine, sum, tidy, zerosLike } from '@tensorflow/tfjs-core'
import type { Backend, Geometry } from '@monge/backend'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Cost } from './cost.js'
import { pairwiseMatrix, pairwiseRows } from './pairwise-tensor.js'

/**
 * The cost row by row: `c(x_i, y_i)`, `[n, d], [n, d] -> [n]`. Differentiable.
 *
 * @throws DimensionMismatch
 */
export const evaluate =
  (cost: Cost) =>
  (x: Tensor2D, y: Tensor2D): Tensor1D =>
    tidy(() => pairwiseRows(cost.pairwise)(embed(cost, x), embed(cost, y)))

/**
 * The cost as a matrix: `c(x_i, y_j)`, `[n, d], [m, d] -> [n, m]`, for small problems and for show. Differentiable.
 *
 * @throws DimensionMismatch
 */
export const matrix =
  (cost: Cost) =>
  (x: Tensor2D, y: Tensor2D): Tensor2D =>
    tidy(() => pairwiseMatrix(cost.pairwise)(embed(cost, x), embed(cost, y)))

/**
 * The gradient in the first argument, row by row: `dc/dx(x_i, y_i)`, `[n, d], [n, d] -> [n, d]`. Zero where the points
 * coincide and the cost has no gradient, never NaN.
 *
 * @throws DimensionMismatch
 */
export const gradient =
  (cost: Cost) =>
  (x: Tensor2D, y: Tensor2D): Tensor2D =>
    tidy(() => {
      // Its own identity, so that x and y may be the same tensor.
      const moving = x.clone()
      const { grads } = engine().gradients(() => sum(evaluate(cost)(moving, y)), [moving], undefined, true)
      // A matrix does not look at the points, and then there is nothing on the tape.
      return (grads[0] as Tensor2D | undefined) ?? zerosLike(x)
    })

/**
 * Two clouds under the cost, ready for a backend's reductions: what solvers ask for. The features are taken at the
 * backend's place. The geometry is the caller's to dispose of.
 */
export const geometry =
  (cost: Cost) =>
  <V>(backend: Backend<V>) =>
  (x: Tensor2D, y: Tensor2D): Geometry<V> =>
    backend.within(() => {
      const from = tidy(() => embed(cost, x))
      // Backends spare themselves half of a symmetric problem where both clouds are one tensor.
      const to = y === x ? from : tidy(() => embed(cost, y))
      const made = backend.geometry(cost.pairwise, from, to)
      if (from !== x) from.dispose()
      if (to !== y && to !== from) to.dispose()
      return made
    })

const embed = (cost: Cost, points: Tensor2D): Tensor2D => cost.features?.(points) ?? points
