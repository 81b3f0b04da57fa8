import type { Backend } from '@monge/backend'
import { certify } from './certificate.js'
import type { Certificate } from './certificate.js'
import { dot, total } from './host.js'
import { marginalExcess, update } from './problem.js'
import type { Potentials, Problem, Side } from './problem.js'
import type { Outcome } from './solver.js'

/** What potentials are worth as numbers. */
export interface Quality extends Certificate {
  /** The dual value of the entropic problem, `<a, f> + <b, g>` with exact marginals. */
  readonly value: number
  /**
   * How far the plan's marginals are from what they should be, in mass: `|P 1 - a|_1 + |P^T 1 - b|_1` with exact
   * marginals; with soft ones a and b give way to `a e^(-f/rho)` and `b e^(-g/rho)`.
   */
  readonly marginalError: number
}

/** Bounds that are never wrong. */
const unknownBounds: Certificate = { lower: -Infinity, upper: Infinity }

/** Of an outcome, the potentials that solve the problem best as far as is known. */
export const bestOf = <V>({ potentials, updated, error }: Outcome<V>): Potentials<V> => (error === undefined ? updated : potentials)

/** The quality of a solve's best potentials, from one more pass over the costs each way for each number that is not known. */
export const qualityOf = <V>(
  backend: Backend<V>,
  problem: Problem<V>,
  outcome: Outcome<V>,
  certified: boolean,
): Quality => {
  const { epsilon, error } = outcome
  const potentials = bestOf(outcome)
  const { geometry, source, target, rho } = problem
  return {
    value: dualValue(problem, epsilon, potentials),
    marginalError: error ?? errorOf(problem, epsilon, potentials),
    ...(certified ? certify({ backend, geometry, source, target, potentials, epsilon, rho }) : unknownBounds),
  }
}

const errorOf = <V>(problem: Problem<V>, epsilon: number, potentials: Potentials<V>): number => {
  const next = update({ ...problem, symmetric: false }, epsilon)(potentials)
  return (
    marginalExcess(problem, epsilon, problem.source, potentials.f, next.f) +
    marginalExcess(problem, epsilon, problem.target, potentials.g, next.g)
  )
}

const dualValue = <V>({ vectors, source, target, rho }: Problem<V>, epsilon: number, { f, g }: Potentials<V>): number => {
  const part = ({ weights }: Side<V>, potential: V): number => {
    const [masses, values] = [vectors.toArray(weights), vectors.toArray(potential)]
    return rho === undefined
      ? dot(masses, values)
      : -(rho + epsilon / 2) *
          dot(
            masses,
            values.map((value) => Math.expm1(-value / rho)),
          )
  }
  const potentialParts = part(source, f) + part(target, g)
  if (rho === undefined) return potentialParts
  const [a, b] = [total(vectors.toArray(source.weights)), total(vectors.toArray(target.weights))]
  return potentialParts + epsilon * (a * b - (a + b) / 2)
}
