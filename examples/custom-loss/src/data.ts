import { fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { normal, split, uniform } from '@monge/random'
import type { Key } from '@monge/random'
import type { Place } from '@monge/backend'

/** Points in the plane. */
export type Cloud = readonly (readonly [number, number])[]

/** `count` points about a spiral of one and a half turns. */
export const spiral = (count: number, key: Key): Cloud => {
  const [ofPlaces = key, ofNoise = key] = split(2)(key)
  const along = uniform({}, count)(ofPlaces)
  const noise = normal(2 * count)(ofNoise)
  return Array.from({ length: count }, (_, i) => {
    const t = Math.sqrt(along[i] ?? 0)
    const angle = 3 * Math.PI * t
    return [
      2 * t * Math.cos(angle) + 0.08 * (noise[2 * i] ?? 0),
      2 * t * Math.sin(angle) + 0.08 * (noise[2 * i + 1] ?? 0),
    ] as const
  })
}

export const measureOf = (points: Cloud, place: Place): Measure => measureOrThrow(fromArrays(points, undefined, place))
