import { fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { bernoulli, normal, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Backend } from '@monge/backend'

/** Points in the plane. */
export type Cloud = readonly (readonly [number, number])[]

export const centres: Cloud = [
  [-1.4, -0.7],
  [1.4, 0.7],
]

/** The standard deviation of each blob, along each axis. */
export const spread = 0.4

/** `count` points of the two blobs, each point of either with equal chances. */
export const blobs = (count: number, key: Key): Cloud => {
  const [ofSides = key, ofPlaces = key] = split(2)(key)
  const sides = bernoulli(0.5, count)(ofSides)
  const places = normal(2 * count)(ofPlaces)
  return Array.from({ length: count }, (_, i) => {
    const [x = 0, y = 0] = centres[sides[i] ?? 0] ?? []
    return [x + spread * (places[2 * i] ?? 0), y + spread * (places[2 * i + 1] ?? 0)] as const
  })
}

export const measureOf = (points: Cloud, backend: Backend): Measure =>
  measureOrThrow(fromArrays(points, undefined, backend))

/** The share of points nearest to each centre, and of those within three standard deviations of it. */
export interface Modes {
  readonly shares: readonly [number, number]
  readonly near: readonly [number, number]
}

export const modesOf = (points: Cloud): Modes => {
  const distances = points.map(([x, y]) => centres.map(([u, v]) => Math.hypot(x - u, y - v)) as [number, number])
  const share = (mode: 0 | 1, most: number): number =>
    distances.filter((to) => to[mode] <= Math.min(most, to[1 - mode] ?? 0)).length / points.length
  return {
    shares: [share(0, Infinity), share(1, Infinity)],
    near: [share(0, 3 * spread), share(1, 3 * spread)],
  }
}
