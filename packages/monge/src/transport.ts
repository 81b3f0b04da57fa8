import { tensorFrom } from '@monge/backend'
import type { Backend, Float } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { densePlan, solve } from '@monge/sinkhorn'
import type { Solution, SolveOptions } from '@monge/sinkhorn'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { withClouds } from './clouds.js'
import type { Clouds } from './clouds.js'
import { valuesOf } from './evaluate.js'

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
 * Entropic transport between two clouds of plain arrays, solved and certified: `lower` and `upper` enclose the cost of
 * optimal transport without entropy.
 *
 * @throws InvalidOption, InvalidMeasure, DimensionMismatch, MassMismatch before any work; Aborted
 * @example
 * const { value, lower, upper, plan } = transport({ p: 2, blur: 0.05 })(backend)({ x: [[0], [1]], y: [[2], [3]] })
 */
export const transport = (options: TransportOptions = {}): ((backend: Backend) => (clouds: Clouds) => Transport) => {
  const solver = solve({ tolerance: 1e-6, ...options })
  return (backend) => (clouds) => {
    // What plan() will need, whatever becomes of the caller's arrays meanwhile.
    const copies = structuredClone(clouds)
    return withClouds('transport', backend, copies, (mu, nu) => {
      const { f, g, plan, ...numbers } = solver(backend)(mu, nu)
      const potentials = { f: valuesOf(f), g: valuesOf(g) }
      const own = { f: potentials.f.slice(), g: potentials.g.slice() }
      dispose([f, g])
      const { cost, epsilon, rho } = plan
      return {
        ...numbers,
        ...potentials,
        plan: () => planOf(backend, copies, { cost, epsilon, rho }, own),
      }
    })
  }
}

const planOf = (
  backend: Backend,
  clouds: Clouds,
  problem: { readonly cost: Cost; readonly epsilon: number; readonly rho: number | undefined },
  potentials: { readonly f: Float; readonly g: Float },
): Float =>
  withClouds('plan', backend, clouds, (mu, nu) => {
    const f = tensorFrom<Tensor1D>(potentials.f, [potentials.f.length])
    const g = tensorFrom<Tensor1D>(potentials.g, [potentials.g.length])
    const dense = densePlan({ backend, mu, nu, f, g, ...problem })
    const masses = valuesOf(dense)
    dispose([f, g, dense])
    return masses
  })
