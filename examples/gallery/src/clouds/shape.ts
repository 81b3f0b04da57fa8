import { categorical, fold, normal, uniform } from '@monge/random'
import type { Key } from '@monge/random'

/** A cloud in the unit square, y upwards: `count` points `[count, 2]` for a key, always the same for the same key. */
export type Shape = (count: number) => (key: Key) => Float32Array

export type Place = readonly [number, number]

/** What is dropped off the square is moved to its edge. */
const clamped = (value: number): number => Math.min(1, Math.max(0, value))

/** Points spread evenly over a region, which must not be thin: drawn in the square until enough lie within. */
export const inside =
  (region: (x: number, y: number) => boolean): Shape =>
  (count) =>
  (key) => {
    const points = new Float32Array(2 * count)
    for (let found = 0, batch = 0; found < count; batch++) {
      const places = uniform({}, 2048)(fold(batch)(key))
      for (let index = 0; index < places.length && found < count; index += 2) {
        const x = places[index] ?? 0
        const y = places[index + 1] ?? 0
        if (region(x, y)) points.set([x, y], 2 * found++)
      }
    }
    return points
  }

/** Points along polylines, evenly by length, each moved within a disc of the given radius: strokes of a round brush. */
export const strokes =
  (lines: readonly (readonly Place[])[], radius: number): Shape =>
  (count) =>
  (key) => {
    const segments = lines.flatMap((line) => line.slice(1).map((to, index) => ({ from: line[index] ?? to, to })))
    const lengths = segments.map(({ from, to }) => Math.hypot(to[0] - from[0], to[1] - from[1]))
    const chosen = categorical(lengths, count)(fold(0)(key))
    const places = uniform({}, 3 * count)(fold(1)(key))
    const points = new Float32Array(2 * count)
    chosen.forEach((which, index) => {
      const { from, to } = segments[which] ?? { from: [0.5, 0.5], to: [0.5, 0.5] }
      const [along = 0, turn = 0, out = 0] = places.subarray(3 * index, 3 * index + 3)
      const distance = radius * Math.sqrt(out)
      points[2 * index] = clamped(from[0] + along * (to[0] - from[0]) + distance * Math.cos(2 * Math.PI * turn))
      points[2 * index + 1] = clamped(from[1] + along * (to[1] - from[1]) + distance * Math.sin(2 * Math.PI * turn))
    })
    return points
  }

/** Normal clouds of one deviation about some centres, the same number about each. */
export const normals =
  (centres: readonly Place[], deviation: number): Shape =>
  (count) =>
  (key) =>
    Float32Array.from(normal(2 * count)(key), (value, index) => {
      const [x, y] = centres[(index >> 1) % centres.length] ?? [0.5, 0.5]
      return clamped((index % 2 === 0 ? x : y) + deviation * value)
    })

/** A curve as a polyline of `pieces` segments. */
export const curve = (pieces: number, at: (t: number) => Place): readonly Place[] =>
  Array.from({ length: pieces + 1 }, (_, index) => at(index / pieces))
