import { mongeError } from '@monge/errors'
import { fold, key, uniform } from '@monge/random'
import { decodePoints, holdsPoints } from './cloud-code.js'

/*
 * In the worker: clouds of the unit square, from a preset's name or from points that the visitor drew.
 */

type Place = readonly [number, number]

// From three uniform numbers to a point.
type Shape = (u: number, v: number, w: number) => Place

const turn = 2 * Math.PI

const ringAt = ([x, y]: Place, inner: number, outer: number): Shape => {
  const [low, high] = [inner * inner, outer * outer]
  return (u, v) => {
    const radius = Math.sqrt(low + (high - low) * v)
    return [x + radius * Math.cos(turn * u), y + radius * Math.sin(turn * u)]
  }
}

const discAt = (centre: Place, radius: number): Shape => ringAt(centre, 0, radius)

// One of several shapes, the third number says which.
const oneOf =
  (...shapes: readonly Shape[]): Shape =>
  (u, v, w) =>
    shapes[Math.min(shapes.length - 1, Math.floor(w * shapes.length))]?.(u, v, w * shapes.length % 1) ?? [0.5, 0.5]

const rectangle =
  (left: number, bottom: number, right: number, top: number): Shape =>
  (u, v) => [left + (right - left) * u, bottom + (top - bottom) * v]

// Half a ring, from one angle on.
const arc =
  ([x, y]: Place, radius: number, width: number, from: number): Shape =>
  (u, v) => {
    const own = radius + width * (v - 0.5)
    const angle = from + Math.PI * u
    return [x + own * Math.cos(angle), y + own * Math.sin(angle)]
  }

const heart: Shape = (u, v) => {
  const angle = turn * u
  const scale = 0.024 * Math.sqrt(v)
  const x = 16 * Math.sin(angle) ** 3
  const y = 13 * Math.cos(angle) - 5 * Math.cos(2 * angle) - 2 * Math.cos(3 * angle) - Math.cos(4 * angle)
  return [0.5 + scale * x, 0.54 + scale * y]
}

const spiral: Shape = (u, v) => {
  const along = Math.sqrt(u)
  const angle = 2.2 * turn * along
  const radius = 0.04 + 0.4 * along + 0.05 * (v - 0.5)
  return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)]
}

const shapes: Readonly<Record<string, Shape>> = {
  disc: discAt([0.5, 0.5], 0.22),
  ring: ringAt([0.5, 0.5], 0.3, 0.4),
  square: rectangle(0.25, 0.25, 0.75, 0.75),
  blobs: oneOf(discAt([0.27, 0.7], 0.13), discAt([0.73, 0.3], 0.13)),
  moons: oneOf(arc([0.38, 0.42], 0.25, 0.08, 0), arc([0.62, 0.58], 0.25, 0.08, Math.PI)),
  spiral,
  heart,
  cross: oneOf(rectangle(0.42, 0.12, 0.58, 0.88), rectangle(0.12, 0.42, 0.88, 0.58)),
  left: discAt([0.2, 0.5], 0.12),
  right: discAt([0.8, 0.5], 0.12),
}

const sampled = (count: number, seed: number, shape: Shape): Float32Array => {
  const numbers = uniform({}, 3 * count)(fold(count)(key(seed)))
  const points = new Float32Array(2 * count)
  for (let index = 0; index < count; index += 1)
    points.set(shape(numbers[3 * index] ?? 0, numbers[3 * index + 1] ?? 0, numbers[3 * index + 2] ?? 0), 2 * index)
  return points
}

// As many points as are asked for: drawn from those that there are, moved a little lest two coincide.
const redrawn = (drawn: Float32Array): Shape => {
  const jitter = 0.01
  return (u, v, w) => {
    const at = 2 * Math.min(drawn.length / 2 - 1, Math.floor((w * drawn.length) / 2))
    return [(drawn[at] ?? 0) + jitter * (u - 0.5), (drawn[at + 1] ?? 0) + jitter * (v - 0.5)]
  }
}

/**
 * `count` points `[count, 2]` of a cloud: of a preset (`disc`, `ring`, `square`, `blobs`, `moons`, `spiral`, `heart`,
 * `cross`, `left`, `right`) or of `points:...`, which come as they were drawn if there are as many.
 */
export const cloudOf = (value: string, count: number, seed: number): Float32Array => {
  if (holdsPoints(value)) {
    const drawn = decodePoints(value)
    if (drawn.length === 0) throw mongeError('InvalidArgument', 'cloud', 'no points are drawn')
    return drawn.length === 2 * count ? drawn : sampled(count, seed, redrawn(drawn))
  }
  const shape = shapes[value]
  if (shape === undefined) throw mongeError('InvalidArgument', 'cloud', `there is no preset "${value}"`)
  return sampled(count, seed, shape)
}
