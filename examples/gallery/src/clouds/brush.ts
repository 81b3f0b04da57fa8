import { mostPoints } from './encoding.js'

/** A place in the unit square, y upwards. */
export type Place = readonly [number, number]

/** Half the width of the brush. */
const radius = 0.025

/** Points to a length of 1. */
const density = 240

const golden = (Math.sqrt(5) - 1) / 2

/** The `index`th of a sequence of places that fills a disc evenly, wherever it is broken off. */
const inDisc = (index: number): Place => {
  const angle = 2 * Math.PI * ((index * golden) % 1)
  const distance = radius * Math.sqrt(((index + 0.5) * Math.SQRT2) % 1)
  return [distance * Math.cos(angle), distance * Math.sin(angle)]
}

const clamped = (value: number): number => Math.min(1, Math.max(0, value))

/** A number of points that lie evenly in what the brush covers on its way, both ends included; at least one. */
const dabs = (points: readonly number[], from: Place, to: Place, count: number): readonly number[] =>
  Array.from({ length: count }, (_, index) => {
    const along = (index + 1) / count
    const [right, up] = inDisc(points.length / 2 + index)
    return [clamped(from[0] + along * (to[0] - from[0]) + right), clamped(from[1] + along * (to[1] - from[1]) + up)]
  }).flat()

/** The points `[n, 2]` and those that the brush leaves between two places; what is too much is left away. */
export const brushed = (points: readonly number[], from: Place, to: Place): readonly number[] => {
  const count = Math.max(1, Math.round(density * Math.hypot(to[0] - from[0], to[1] - from[1])))
  return [...points, ...dabs(points, from, to, count)].slice(0, 2 * mostPoints)
}

/** The points and a dot of the brush, as of a key or a touch that does not move. */
export const dotted = (points: readonly number[], at: Place): readonly number[] =>
  [...points, ...dabs(points, at, at, 12)].slice(0, 2 * mostPoints)
