import { mongeError, requireFinite, requirePositive } from '@monge/errors'
import type { Potential } from '../potential.js'
import { fieldAt } from '../field.js'
import { fromLoops } from './from-loops.js'
import type { Domain } from '../domain.js'

/** `β V`: the distribution at the temperature 1/β, flatter for β below 1. */
export const temper =
  (inverseTemperature: number) =>
  (potential: Potential): Potential => {
    const beta = requirePositive('temper', inverseTemperature)
    return weighted(`${potential.name} at ${beta}`, [[beta, potential]])
  }

/** `sum_k a_k V_k`: the product of powers of densities. All live at the place of the first. */
export const combine = (terms: readonly (readonly [coefficient: number, potential: Potential])[]): Potential => {
  terms.forEach(([coefficient]) => requireFinite('combine', coefficient))
  return weighted(terms.map(([, { name }]) => name).join(' and '), terms)
}

/**
 * `-log sum_k w_k exp(-V_k)`: the mixture of distributions, `w_k` their shares if every `exp(-V_k)` has the same mass.
 *
 * @throws InvalidOption
 */
export const mixture = (potentials: readonly Potential[], weights?: readonly number[]): Potential => {
  const shares = weights ?? potentials.map(() => 1)
  if (shares.length !== potentials.length)
    throw mongeError('InvalidOption', 'mixture: weights', `expected ${potentials.length}, got ${shares.length}`)
  const total = shares.reduce((sum, weight) => sum + requirePositive('mixture: weights', weight), 0)
  const logs = shares.map((weight) => Math.log(weight / total))
  return fromOthers('mixture', potentials, (points, d, gradient, value) => {
    const fields = potentials.map((potential) => fieldAt(potential, points, d))
    gradient.fill(0)
    for (let row = 0; row * d < points.length; row++) {
      const heights = fields.map((field, k) => (logs[k] ?? 0) - (field.value[row] ?? 0))
      const most = Math.max(...heights)
      if (most === -Infinity) {
        // Outside of all of them.
        if (value !== undefined) value[row] = Infinity
        continue
      }
      const sum = heights.reduce((partial, height) => partial + Math.exp(height - most), 0)
      fields.forEach((field, k) => {
        const share = Math.exp((heights[k] ?? 0) - most) / sum
        if (share === 0) return
        for (let i = row * d; i < (row + 1) * d; i++) gradient[i] = (gradient[i] ?? 0) + share * (field.gradient[i] ?? 0)
      })
      if (value !== undefined) value[row] = -most - Math.log(sum)
    }
  })
}

/** V within a domain and infinity outside: what is proposed there, a Metropolis sampler refuses. */
export const restrict =
  (domain: Domain) =>
  (potential: Potential): Potential =>
    fromOthers(`${potential.name} in ${domain.name}`, [potential], (points, d, gradient, value) => {
      const field = fieldAt(potential, points, d)
      gradient.set(field.gradient)
      value?.set(field.value.map((height, row) => (domain.contains(points.subarray(row * d, (row + 1) * d)) ? height : Infinity)))
    })

type Terms = readonly (readonly [coefficient: number, potential: Potential])[]

const weighted = (name: string, terms: Terms): Potential =>
  fromOthers(
    name,
    terms.map(([, potential]) => potential),
    (points, d, gradient, value) => {
      gradient.fill(0)
      value?.fill(0)
      for (const [coefficient, potential] of terms) {
        const field = fieldAt(potential, points, d)
        for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? 0) + coefficient * (field.gradient[i] ?? 0)
        if (value !== undefined)
          for (let i = 0; i < value.length; i++) value[i] = (value[i] ?? 0) + coefficient * (field.value[i] ?? 0)
      }
    },
  )

const fromOthers = (name: string, potentials: readonly Potential[], onHost: Parameters<typeof fromLoops>[0]['onHost']): Potential => {
  const [first] = potentials
  if (first === undefined) throw mongeError('InvalidOption', name, 'expected at least one potential')
  const dimension = potentials.find((potential) => potential.dimension !== undefined)?.dimension
  return fromLoops({ name, ...(dimension === undefined ? {} : { dimension }), onHost })(first.place)
}
