import { requireInteger, requireKnownKeys } from '@monge/errors'
import { requireSameDimension } from '@monge/losses'
import { concat, tidy } from '@tensorflow/tfjs-core'
import type { Backend } from '@monge/backend'
import type { Kernel } from '@monge/kernels'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { requireEqualWeights } from './equal-weights.js'
import { splits } from './splits.js'

/** How to test. */
export interface KernelTestOptions {
  readonly kernel: Kernel
  /** For the permutations. */
  readonly key: Key
  /** How many random permutations of the labels to compare with. Default 199. */
  readonly permutations?: number
}

/** What the test found. */
export interface KernelTest {
  /** The squared maximum mean discrepancy `<α - β, k ⋆ (α - β)>` of the samples. */
  readonly statistic: number
  /** The chance of a statistic as large if both samples came from one law. */
  readonly pValue: number
  /** How many relabellings, the given one apart, the statistic was compared with. */
  readonly permutations: number
}

/**
 * The kernel two-sample test: are two samples `[n, d]`, `[m, d]` of one law? The p-value is that of the squared maximum
 * mean discrepancy among random relabellings of the pooled sample, `(1 + #{T_k ≥ T}) / (1 + permutations)`: under the null
 * hypothesis the chance of one of at most `α` is at most `α`, for every sample size. If there are no more relabellings
 * than that, all are tried and the p-value is exact.
 *
 * All relabellings are columns of one reduction over the pooled sample, so that each entry of the kernel is worked out
 * once and none is stored, beside `(n + m) (permutations + 1)` numbers.
 *
 * @throws InvalidOption; on evaluation DimensionMismatch, InvalidArgument if the points of a sample differ in weight
 * @see Gretton, Borgwardt, Rasch, Schölkopf and Smola, A kernel two-sample test, JMLR 2012
 * @see Phipson and Smyth, Permutation p-values should never be zero, 2010
 */
export const kernelTest = (
  options: KernelTestOptions,
): (<V>(backend: Backend<V>) => (mu: Measure, nu: Measure) => KernelTest) => {
  requireKnownKeys(['kernel', 'key', 'permutations'])('kernelTest', options)
  const { kernel, key } = options
  const permutations = requireInteger(1)('kernelTest: permutations', options.permutations ?? 199)
  return <V>(backend: Backend<V>) =>
    (mu, nu) => {
      requireSameDimension('kernelTest', mu, nu)
      requireEqualWeights('kernelTest', mu)
      requireEqualWeights('kernelTest', nu)
      const [n, m] = [mu.points.shape[0], nu.points.shape[0]]
      const { chosen, exhaustive } = splits(n + m, n, permutations, key)
      const signed = signedWeights(n, m, chosen)
      const fields = backend.within(() => pooledFields(backend, kernel, mu.points, nu.points, signed, chosen.length))
      const { values, slack } = quadratic(signed, fields, chosen.length, backend.precision === 'float64' ? 1e-14 : 1e-6)
      const [statistic = Number.NaN, ...others] = values
      const above = 1 + others.filter((value) => value >= statistic - slack).length
      return { statistic, pValue: above / chosen.length, permutations: exhaustive ? chosen.length - 1 : permutations }
    }
}

/** `1/n` for the points of the first sample and `-1/m` for the others, a column for each split, `[n + m, splits]` */
const signedWeights = (n: number, m: number, chosen: readonly (readonly number[])[]): Float64Array => {
  const signed = new Float64Array((n + m) * chosen.length).fill(-1 / m)
  chosen.forEach((positions, column) => {
    for (const position of positions) signed[position * chosen.length + column] = 1 / n
  })
  return signed
}

const pooledFields = <V>(
  backend: Backend<V>,
  kernel: Kernel,
  x: Tensor2D,
  y: Tensor2D,
  signed: Float64Array,
  columns: number,
): ArrayLike<number> => {
  const { vectors } = backend
  const held: { fields: ArrayLike<number> } = { fields: [] }
  // Out of the body by hand: tidy would walk every entry of an array that it returns.
  tidy(() => {
    const pooled = concat([x, y], 0)
    const points = kernel.features?.(pooled) ?? pooled
    const geometry = backend.geometry(kernel.pairwise, points, points)
    try {
      vectors.scope(() => {
        held.fields = vectors.toArray(geometry.sum(vectors.fromArray(signed), columns))
      })
    } finally {
      geometry.dispose()
    }
  })
  return held.fields
}

/** `<s_k, F_k>` for each column k, and how far rounding may set equal ones apart. */
const quadratic = (
  signed: Float64Array,
  fields: ArrayLike<number>,
  columns: number,
  rounding: number,
): { readonly values: readonly number[]; readonly slack: number } => {
  const [values, sizes] = [new Float64Array(columns), new Float64Array(columns)]
  signed.forEach((weight, index) => {
    const column = index % columns
    const product = weight * (fields[index] ?? 0)
    values[column] = (values[column] ?? 0) + product
    sizes[column] = (sizes[column] ?? 0) + Math.abs(product)
  })
  // The largest of all: between a sample and itself what is summed has cancelled already, down to its rounding.
  const size = sizes.reduce((largest, one) => Math.max(largest, one), 0)
  return { values: Array.from(values), slack: rounding * size }
}
