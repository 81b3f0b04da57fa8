import { tensorFrom } from '@monge/backend'
import type { Backend, Float } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { toTyped } from '@monge/measures'
import type { Measure, MeasureData } from '@monge/measures'
import { densePlan, solve } from '@monge/sinkhorn'
import type { Plan, Solution, SolveOptions } from '@monge/sinkhorn'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { withClouds } from './clouds.js'
import type { Clouds } from './clouds.js'
import { withCostMatrix } from './cost-matrix.js'
import type { CostClouds, WithCost } from './cost-matrix.js'
import { valuesOf } from './values.js'

/** The options of `solve`, with a tolerance of 1e-6 unless there is another. */
export type TransportOptions = Omit<SolveOptions, 'start'>

/** The solution of an entropic transport problem as plain numbers and arrays. */
export interface Transport
  extends Pick<Solution, 'value' | 'lower' | 'upper' | 'marginalError' | 'iterations' | 'converged'> {
  /** `[n]`, in units of cost */
  readonly f: Float
  /** `[m]`, in units of cost */
  readonly g: Float
  /** The transport plan, `[n * m]` in row-major order, computed when it is asked for. */
  readonly plan: () => Float
}

/**
 * Entropic transport between two clouds of plain arrays, or under a matrix of costs, solved and certified: `lower` and
 * `upper` enclose the cost of optimal transport without entropy.
 *
 * @throws InvalidOption, InvalidMeasure, InvalidArgument, DimensionMismatch, MassMismatch before any work; Aborted
 * @example
 * const { value, lower, upper, plan } = transport({ p: 2, blur: 0.05 })(backend)({ x: [[0], [1]], y: [[2], [3]] })
 * const matched = transport({ blur: 0.1 })(backend)({ cost: [[0, 1], [1, 0]] })
 */
export const transport = (
  options: TransportOptions = {},
): ((backend: Backend) => (problem: Clouds | CostClouds) => Transport) => {
  const settings = { tolerance: 1e-6, ...options }
  const solver = solve(settings)
  return (backend) => (problem) => {
    if (!('cost' in problem)) return solved(backend, solver, problem)
    if (options.cost !== undefined)
      throw mongeError('InvalidOption', 'transport: cost', 'expected a cost or a matrix of costs, got both')
    return withCostMatrix('transport', backend, problem, (cost, clouds, again) =>
      solved(backend, solve({ ...settings, cost }), clouds, again),
    )
  }
}

const solved = (backend: Backend, solver: ReturnType<typeof solve>, clouds: Clouds, again?: WithCost): Transport =>
  withClouds('transport', backend, clouds, (mu, nu) => {
    const { f, g, plan, ...numbers } = solver(backend)(mu, nu)
    const potentials = { f: valuesOf(f), g: valuesOf(g) }
    // The plan's own, whatever becomes meanwhile of the caller's arrays and of those that the caller is given.
    const own = { f: valuesOf(f), g: valuesOf(g), mu: toTyped(mu), nu: toTyped(nu) }
    dispose([f, g])
    const { cost, epsilon, rho } = plan
    const withCost = again ?? ((body) => body(cost))
    return {
      ...numbers,
      ...potentials,
      plan: () =>
        withClouds('plan', backend, cloudsOf(own.mu, own.nu), (from, to) =>
          withCost((known) => dense({ backend, cost: known, epsilon, rho }, from, to, own)),
        ),
    }
  })

const cloudsOf = (mu: MeasureData, nu: MeasureData): Clouds => ({
  x: { data: mu.points, shape: [mu.n, mu.d] },
  y: { data: nu.points, shape: [nu.n, nu.d] },
  a: mu.weights,
  b: nu.weights,
})

const dense = (
  problem: Pick<Plan, 'backend' | 'cost' | 'epsilon' | 'rho'>,
  mu: Measure,
  nu: Measure,
  potentials: Pick<Transport, 'f' | 'g'>,
): Float => {
  const f = tensorFrom<Tensor1D>(potentials.f, [potentials.f.length])
  const g = tensorFrom<Tensor1D>(potentials.g, [potentials.g.length])
  const matrix = densePlan({ ...problem, mu, nu, f, g })
  const masses = valuesOf(matrix)
  dispose([f, g, matrix])
  return masses
}
