import type { Scalar, Tensor } from '@tensorflow/tfjs-core'

/**
 * The algebra of a backend's own vectors `V`: typed arrays where the work is done on the CPU, tensors where it is done
 * on a GPU. Iterations are written once, over this. A vector is flat; matrices `[n, k]` are vectors in row-major order.
 * Every operation returns a new vector; sums accumulate in float64 wherever the values reach the host.
 */
export interface Vectors<V> {
  /** The values of a tensor of any shape. */
  fromTensor(tensor: Tensor): V
  /** A tensor of the given shape, at the backend's place; it is the caller's to dispose of. */
  toTensor<T extends Tensor>(vector: V, shape: readonly number[]): T
  fromArray(values: ArrayLike<number>): V
  /** A copy on the host (on a GPU, a read-back). */
  toArray(vector: V): Float32Array | Float64Array
  /** `constant + sum_k alpha_k v_k`. */
  linear(terms: readonly (readonly [alpha: number, v: V])[], constant?: number): V
  multiply(u: V, v: V): V
  exponential(v: V): V
  /** `exp(v) - 1`, accurate where v is small. */
  exponentialMinusOne(v: V): V
  /** The logarithm, with `emptyLogarithm` for what is not above zero. */
  logarithm(v: V): V
  absolute(v: V): V
  /** `sum_i u_i v_i`, read back. */
  dot(u: V, v: V): number
  /** The same as a scalar tensor, without reading back from a GPU. */
  dotTensor(u: V, v: V): Scalar
  /** Runs `body` and frees all vectors made in it, save those in the result (a vector, or a record or list of them). */
  scope<A>(body: () => A): A
  /** Exempts this very vector from every scope: it lives until `release`. */
  keep(vector: V): V
  release(vector: V): void
}

/** Stands for log 0: finite, so that no backend makes NaN of it, and far below anything that occurs. */
export const emptyLogarithm: number = -1e30
