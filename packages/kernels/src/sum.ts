import { add, customGrad, tidy, zeros } from '@tensorflow/tfjs-core'
import { requireSameDimension } from '@monge/losses'
import type { Backend, Pairwise } from '@monge/backend'
import type { Measure } from '@monge/measures'
import type { GradSaveFunc, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Kernel } from './kernel.js'
import { embed } from './matrix.js'
import { withGeometry } from './with-geometry.js'

/**
 * The smooth field that a measure casts through a kernel: `sum_j b_j k(x_i, y_j)` for `mu = sum_j b_j δ(y_j)`, `[n]` at the
 * points `x [n, d]`. Differentiable in the points and in the measure's weights and points, each at the cost of one more
 * reduction and only if it is asked for.
 *
 * @throws DimensionMismatch
 */
export const kernelSum =
  (kernel: Kernel) =>
  <V>(backend: Backend<V>) =>
  (mu: Measure, x: Tensor2D): Tensor1D => {
    requireSameDimension('kernelSum', mu, { weights: mu.weights, points: x })
    return backend.within(() => tidy(() => fieldOf(backend, kernel.pairwise, mu.weights, embed(kernel, mu.points), embed(kernel, x))))
  }

const fieldOf = <V>(backend: Backend<V>, pairwise: Pairwise, b: Tensor1D, y: Tensor2D, x: Tensor2D): Tensor1D => {
  const { vectors } = backend
  const flat = (tensor: Tensor): V => vectors.fromTensor(tensor)
  const reduce = <T extends Tensor>(shape: readonly number[], body: () => V): T =>
    vectors.toTensor<T>(vectors.scope(body), shape)
  const nothing = (): Tensor1D => zeros([x.shape[0]])
  const inWeights = dependence(
    b,
    [x, y],
    () => reduce([x.shape[0]], () => withGeometry(backend, pairwise, x, y, (xy) => xy.sum(flat(b), 1))),
    (upstream, _, [from, to]) =>
      reduce(b.shape, () =>
        withGeometry(backend, pairwise, to as Tensor2D, from as Tensor2D, (yx) => yx.sum(flat(upstream), 1)),
      ),
  )
  const inPoints = dependence(x, [b, y], nothing, (upstream, from, [weights, to]) =>
    reduce(from.shape, () =>
      withGeometry(backend, pairwise, from, to as Tensor2D, (xy) =>
        xy.sumGradient(flat(upstream), flat(weights as Tensor), 1),
      ),
    ),
  )
  const inSources = dependence(y, [b, x], nothing, (upstream, to, [weights, from]) =>
    reduce(to.shape, () =>
      withGeometry(backend, pairwise, to, from as Tensor2D, (yx) =>
        yx.sumGradient(flat(weights as Tensor), flat(upstream), 1),
      ),
    ),
  )
  return add(inWeights, add(inPoints, inSources))
}

/** A term of a sum that tfjs is to differentiate in one input only, by the given rule. */
const dependence = <T extends Tensor>(
  input: T,
  others: readonly Tensor[],
  value: () => Tensor1D,
  slope: (upstream: Tensor1D, input: T, others: readonly Tensor[]) => T,
): Tensor1D =>
  customGrad((...inputs) => {
    const save = inputs[1] as unknown as GradSaveFunc
    save([input, ...others])
    return {
      value: value(),
      gradFunc: (upstream, saved) => {
        const [kept, ...rest] = saved
        return slope(upstream as Tensor1D, kept as T, rest)
      },
    }
  })(input) as Tensor1D
