import { constant } from '@monge/backend'
import type { Backend, Geometry } from '@monge/backend'
import { envelopeTerm } from '@monge/losses'
import type { MeasureGradient } from '@monge/losses'
import { mass } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, mul } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { largestCostOf } from './clouds.js'
import type { HalfSolution, JointSolution } from './joint.js'
import type { Settings } from './options.js'
import { pulled } from './pull.js'

/**
 * What one measure contributes to the value of a transport loss, with the gradient of the whole loss in that measure.
 *
 * With exact marginals the value is `<a, f>`, less the self-potential if debiased, and the gradient in the weights the
 * same potentials. With soft ones it is `-(rho + epsilon/2) <a, e^(-f/rho) - e^(-f_self/rho)>` and the gradient in the
 * weights has `rho + epsilon` in place of `rho + epsilon / 2`. The gradient in the points is `sum_j P_ij dc/dx(x_i, y_j)`
 * under a plan whose rows have the marginal that f asks for: `a_i`, or `a_i e^(-f_i/rho)`.
 */
export const sideTerm = <V>(
  backend: Backend<V>,
  settings: Settings,
  own: Measure,
  other: Measure,
  { cross, self }: JointSolution<V>['source'],
  transposed: boolean,
): Scalar => {
  const { vectors } = backend
  const { epsilon, rho } = settings
  const [n, m] = [own.weights.shape[0], other.weights.shape[0]]
  const selfMass = mass(own)
  const otherMass = mass(other)
  const largest = largestCostOf(settings, own, other)

  /** The potential's part, `-f` or what takes its place with soft marginals. */
  const softened = (f: V): V =>
    rho === undefined ? vectors.linear([[-1, f]]) : vectors.exponentialMinusOne(vectors.linear([[-1 / rho, f]]))
  const contrast = (f: V, g: V | undefined): V =>
    vectors.linear(
      g === undefined
        ? [[-1, softened(f)]]
        : [
            [-1, softened(f)],
            [1, softened(g)],
          ],
    )

  const value = (): Scalar => {
    const total = vectors.dotTensor(vectors.fromTensor(own.weights), contrast(cross.f, self?.f))
    if (rho === undefined) return total
    const scaled = mul(total, constant(rho + epsilon / 2)) as Scalar
    return self === undefined ? (add(scaled, constant((epsilon / 2) * selfMass * (otherMass - 1))) as Scalar) : scaled
  }

  const gradient = (measure: Measure, saved: readonly Tensor[]): MeasureGradient => {
    const [points, ...halves] = saved
    const [f, q, selfF, selfQ] = halves.map((half) => vectors.fromTensor(half))
    const weights = vectors.fromTensor(measure.weights)
    const pull = (geometry: Geometry<V>, half: HalfSolution<V>, columns: number): V =>
      pulled(backend, settings, geometry, { weights, columns, half, largest })
    const crossGeometry = transposed
      ? backend.geometry(settings.cost.pairwise, points as Tensor2D, measure.points)
      : backend.geometry(settings.cost.pairwise, measure.points, points as Tensor2D)
    const crossPull = pull(transposed ? crossGeometry.transpose() : crossGeometry, { f, q }, m)
    crossGeometry.dispose()
    const slope = contrast(f, self && selfF)
    const weightSlope =
      rho === undefined
        ? slope
        : vectors.linear([[rho + epsilon, slope]], self === undefined ? epsilon * (otherMass - 1) : 0)
    const result = (pointSlope: V): MeasureGradient => ({
      weights: vectors.toTensor<Tensor1D>(weightSlope, [n]),
      points: vectors.toTensor<Tensor2D>(pointSlope, measure.points.shape),
    })
    if (self === undefined) return result(crossPull)
    const selfGeometry = backend.geometry(settings.cost.pairwise, measure.points, measure.points)
    const selfPull = pull(selfGeometry, { f: selfF, q: selfQ }, n)
    selfGeometry.dispose()
    return result(
      vectors.linear([
        [1, crossPull],
        [-1, selfPull],
      ]),
    )
  }

  const tensorsOf = ({ f, q }: HalfSolution<V>, columns: number): readonly Tensor[] => [
    vectors.toTensor(f, [n]),
    vectors.toTensor(q, [columns]),
  ]
  return envelopeTerm({
    place: backend,
    measure: own,
    value,
    saved: [other.points, ...tensorsOf(cross, m), ...(self === undefined ? [] : tensorsOf(self, n))],
    gradient,
  })
}
