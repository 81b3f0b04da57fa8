import { mongeError } from '@monge/errors'
import { choice, fold, key, uniform } from '@monge/random'
import type { Key } from '@monge/random'
import { decodePoints } from './encoding.js'
import { shapes } from './presets.js'

/** How far from the point that it repeats another may lie, where more are asked for than were drawn. */
const spread = 0.012

/**
 * `count` of the points, all different while there are enough; else every point equally often, but for the remainder,
 * and all but the first of each moved a little.
 */
const resampled = (points: Float32Array, count: number, own: Key): Float32Array => {
  const drawn = points.length / 2
  const whole = Math.floor(count / drawn)
  const rest = choice(drawn, count - whole * drawn)(fold(0)(own))
  const places = uniform({}, 2 * count)(fold(1)(own))
  const result = new Float32Array(2 * count)
  for (let index = 0; index < count; index++) {
    const from = index < whole * drawn ? index % drawn : (rest[index - whole * drawn] ?? 0)
    const distance = index < drawn ? 0 : spread * Math.sqrt(places[2 * index] ?? 0)
    const angle = 2 * Math.PI * (places[2 * index + 1] ?? 0)
    result[2 * index] = Math.min(1, Math.max(0, (points[2 * from] ?? 0) + distance * Math.cos(angle)))
    result[2 * index + 1] = Math.min(1, Math.max(0, (points[2 * from + 1] ?? 0) + distance * Math.sin(angle)))
  }
  return result
}

/**
 * The points `[count, 2]` of a `cloud` control's value, in the unit square with y upwards: of a preset, or of what the
 * visitor drew. The same for the same seed.
 *
 * @throws InvalidArgument for a value that is neither
 */
export const cloudOf = (value: string, count: number, seed: number): Float32Array => {
  const shape = shapes.get(value)
  if (shape !== undefined) return shape(count)(key(seed))
  const points = decodePoints(value)
  if (points === undefined) throw mongeError('InvalidArgument', 'cloudOf: value', `there is no cloud "${value.slice(0, 40)}"`)
  return resampled(points, count, key(seed))
}
