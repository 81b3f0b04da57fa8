import type { Backend, Geometry, Precision } from '@monge/backend'
import { constant, untaped } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { envelopeTerm, lossAt } from '@monge/losses'
import type { Loss, MeasureGradient } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { add, mul } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { checkMeasures, epsilonsOf, featured } from './clouds.js'
import { requireSelfCost } from './divergence.js'
import { finish } from './joint.js'
import { requireNumbers } from './numbers.js'
import { settingsOf } from './options.js'
import type { Settings, SinkhornOptions } from './options.js'
import { logScaling, sideOf } from './problem.js'
import type { Side } from './problem.js'
import { solveProblem } from './solver.js'
import { pairOf } from './sweep.js'

/**
 * The soft Hausdorff divergence
 *
 *     H(mu, nu) = (<a, b_x - a_x> + <b, a_y - b_y>) / 2,
 *
 * `a_x` being the potential of entropic transport from mu to itself and `a_y` its extension to nu's points, `b_y` and
 * `b_x` the same of nu. It asks how far each point is from the other measure, where transport asks for a matching. As
 * blur vanishes it tends to the mean of half the costs to the nearest point, both ways.
 *
 * The self-potentials are solved for to the precision of the backend unless there is a `tolerance`: the formula means
 * nothing away from their optimum. Gradients are those of the formula, also through the self-potentials. In the weight
 * of a point that has none, they grow exponentially with its distance from the others.
 *
 * @throws InvalidOption (there is no soft Hausdorff divergence with `reach`); DimensionMismatch; MassMismatch
 * @see Feydy, Trouvé, Global divergences between measures: from Hausdorff distance to optimal transport (2018)
 */
export const hausdorffDivergence = (options: SinkhornOptions = {}): ((backend: Backend) => Loss) => {
  const where = 'hausdorffDivergence'
  const settings = settingsOf(where, options)
  requireSelfCost(where, settings.cost)
  if (settings.rho !== undefined) throw mongeError('InvalidOption', `${where}: reach`, 'expected none')
  return <V>(backend: Backend<V>): Loss => {
    const { vectors } = backend
    return lossAt(backend, (mu, nu) => {
      checkMeasures(where, settings, mu, nu)
      const [source, target] = [featured(settings.cost, mu), featured(settings.cost, nu)]
      const kept: V[] = []
      try {
        untaped(() => {
          const epsilons = epsilonsOf(settings, backend.precision, source, target)
          for (const measure of [source, target]) {
            const potential = selfPotential(backend, settings, epsilons, measure)
            kept.push(potential)
            requireNumbers(settings.cost, vectors, sideOf(vectors)(measure), potential)
          }
        })
        const [ofSource, ofTarget] = kept
        return add(
          hausdorffTerm(backend, settings, source, target, ofSource, ofTarget),
          hausdorffTerm(backend, settings, target, source, ofTarget, ofSource),
        )
      } finally {
        kept.forEach((potential) => vectors.release(potential))
      }
    })
  }
}

/** Averaged sweeps at least halve the error of a self-potential: how many it takes to reach the last bit. */
const settlingSweeps: Readonly<Record<Precision, number>> = { float64: 52, float32: 23 }

/** The potential of a measure's transport to itself, kept for the caller to release. */
const selfPotential = <V>(backend: Backend<V>, settings: Settings, epsilons: readonly number[], mu: Measure): V => {
  const { vectors, precision } = backend
  const side = sideOf(vectors)(mu)
  const settling = Array.from({ length: settlingSweeps[precision] }, () => settings.epsilon)
  const geometry = backend.geometry(settings.cost.pairwise, mu.points, mu.points)
  try {
    const { potentials, updated } = finish(
      solveProblem(
        { vectors, geometry, source: side, target: side, rho: undefined, symmetric: true },
        {
          epsilons: settings.tolerance === undefined ? [...epsilons, ...settling] : epsilons,
          tolerance: settings.tolerance,
          maximumIterations: settings.maximumIterations,
          acceleration: settings.acceleration,
          leaps: false,
          start: undefined,
        },
      ),
    )
    pairOf(potentials).forEach((vector) => vectors.release(vector))
    return updated.f
  } finally {
    geometry.dispose()
  }
}

/**
 * One measure's part `<a, b_x - a_x> / 2` of the value, with the gradient of all of H in that measure.
 *
 * With the row-stochastic self-plan `P̂_ij = a_j exp((a_x_i + a_x_j - c_ij) / epsilon)`, the cross plan
 * `R_ij = b_j exp((a_x_i + a_y_j - c_ij) / epsilon)` of row sums r, and S, the one of `b_x`:
 *
 *     2 dH/da_i = b_x_i - a_x_i + epsilon / 2 - epsilon z_i,       (I + P̂) z = r
 *     2 dH/dx_i = a_i sum_j (S_ij + R_ij) dc/dx(x_i, y_j) - a_i sum_j (1 + z_i + z_j) P̂_ij dc/dx(x_i, x_j)
 *
 * z comes from implicit differentiation of `a_x = softmin(a_x)`.
 */
const hausdorffTerm = <V>(
  backend: Backend<V>,
  settings: Settings,
  own: Measure,
  other: Measure,
  ownPotential: V,
  otherPotential: V,
): Scalar => {
  const { vectors } = backend
  const { epsilon, cost } = settings
  const [n, m] = [own.weights.shape[0], other.weights.shape[0]]

  const value = (): Scalar => {
    const geometry = backend.geometry(cost.pairwise, own.points, other.points)
    const extended = geometry.softmin(epsilon, logScaling(vectors, epsilon, sideOf(vectors)(other), otherPotential))
    geometry.dispose()
    const difference = vectors.linear([
      [1, extended],
      [-1, ownPotential],
    ])
    return mul(constant(0.5), vectors.dotTensor(vectors.fromTensor(own.weights), difference))
  }

  const gradient = (measure: Measure, saved: readonly Tensor[]): MeasureGradient => {
    const [points, weights, savedOwn, savedOther] = saved
    const [f, g] = [vectors.fromTensor(savedOwn), vectors.fromTensor(savedOther)]
    const a = sideOf(vectors)(measure)
    const b = sideOf(vectors)({ weights: weights as Tensor1D, points: points as Tensor2D })
    const cross = backend.geometry(cost.pairwise, measure.points, points as Tensor2D)
    const self = backend.geometry(cost.pairwise, measure.points, measure.points)
    const parts = slopes(backend, epsilon, cross, self, a, b, f, g)
    cross.dispose()
    self.dispose()
    return {
      weights: mul(constant(0.5), vectors.toTensor<Tensor1D>(parts.weights, [n])),
      points: mul(constant(0.5), vectors.toTensor<Tensor2D>(parts.points, measure.points.shape)),
    }
  }

  return envelopeTerm({
    place: backend,
    measure: own,
    value,
    saved: [other.points, other.weights, vectors.toTensor(ownPotential, [n]), vectors.toTensor(otherPotential, [m])],
    gradient,
  })
}

const slopes = <V>(
  { vectors, precision }: Backend<V>,
  epsilon: number,
  cross: Geometry<V>,
  self: Geometry<V>,
  a: Side<V>,
  b: Side<V>,
  f: V,
  g: V,
): { readonly weights: V; readonly points: V } => {
  const ones = vectors.fromArray(new Float64Array(cross.columns).fill(1))
  const over = (potential: V): V => vectors.linear([[1 / epsilon, potential]])
  const qa = logScaling(vectors, epsilon, a, f)
  const qb = logScaling(vectors, epsilon, b, g)
  const extendedOther = cross.softmin(epsilon, qb)
  const extendedOwn = cross.transpose().softmin(epsilon, qa)
  const qr = logScaling(vectors, epsilon, b, extendedOwn)
  const exponents = largestExponent[precision]
  const pr = bounded(vectors, over(f), over(cross.softmin(epsilon, qr)), Math.min(exponents, exponents + 20 - Math.log(epsilon)))
  const r = cross.planSum(epsilon, pr, qr, ones, 1)
  const z = solveSelf(vectors, r, (v) => self.planSum(epsilon, over(f), qa, v, 1))
  const towards = vectors.linear([
    [1, cross.planGradient(epsilon, over(extendedOther), qb, a.weights, ones, 1)],
    [1, cross.planGradient(epsilon, pr, qr, a.weights, ones, 1)],
  ])
  const onOwn = vectors.fromArray(new Float64Array(self.columns).fill(1))
  const within = vectors.linear([
    [1, self.planGradient(epsilon, over(f), qa, vectors.multiply(a.weights, vectors.linear([[1, z]], 1)), onOwn, 1)],
    [1, self.planGradient(epsilon, over(f), qa, a.weights, z, 1)],
  ])
  return {
    weights: vectors.linear(
      [
        [1, extendedOther],
        [-1, f],
        [-epsilon, z],
      ],
      epsilon / 2,
    ),
    points: vectors.linear([
      [1, towards],
      [-1, within],
    ]),
  }
}

/** Exponentials of these, and their sums, are numbers with room to spare. */
const largestExponent: Readonly<Record<Precision, number>> = { float64: 600, float32: 60 }

/**
 * Log-scalings of rows, taken down where the logarithms of the rows' sums, `p - level`, would pass a bound: a point of next to no
 * weight far from its measure and near the other has a slope in its weight beyond all numbers.
 */
const bounded = <V>(vectors: Backend<V>['vectors'], p: V, level: V, bound: number): V => {
  const above = vectors.linear(
    [
      [1, p],
      [-1, level],
    ],
    -bound,
  )
  return vectors.linear([
    [1, p],
    [-0.5, above],
    [-0.5, vectors.absolute(above)],
  ])
}

/** Sweeps that bring an error down by 1e-16 at the rate of 1/3 which a positive semi-definite self-plan allows. */
const selfSweeps = 34

/**
 * Solves `(I + P̂) z = r`, P̂ having eigenvalues in [0, 1] on kernels `exp(-c / epsilon)` that are positive semi-definite:
 * `z <- z + 2/3 (r - z - P̂ z)`.
 */
const solveSelf = <V>(vectors: Backend<V>['vectors'], r: V, apply: (v: V) => V): V => {
  let z = vectors.linear([[0.5, r]])
  for (let sweep = 0; sweep < selfSweeps; sweep++)
    z = vectors.linear([
      [1 / 3, z],
      [2 / 3, r],
      [-2 / 3, apply(z)],
    ])
  return z
}
