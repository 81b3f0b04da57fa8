import type { Domain } from './domain.js'

/** What happens to particles that a step has taken out of a domain. */
export interface Constraint {
  readonly domain: Domain
  readonly back: 'project' | 'reflect'
}

/** Particles that leave come back to the nearest point of the domain. */
export const projected = (domain: Domain): Constraint => ({ domain, back: 'project' })

/** Particles that leave are thrown back by the boundary, as by a mirror. */
export const reflected = (domain: Domain): Constraint => ({ domain, back: 'reflect' })

/** Brings row-major points `[n, d]` of our own back, in place. */
export const bringBack = ({ domain, back }: Constraint, points: Float64Array, dimension: number): void => {
  for (let start = 0; start < points.length; start += dimension) {
    const point = points.subarray(start, start + dimension)
    // Numbers that are none stay, to be told of.
    if (!domain.contains(point) && point.every(Number.isFinite)) point.set(domain[back](point))
  }
}
