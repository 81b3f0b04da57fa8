import { key, normal } from '@monge/random'
import type { Pictures } from '@monge-tooling/handwriting'

/** The directions in which pictures differ most, and how much. */
export interface Directions {
  /** `[pixels]` */
  readonly mean: Float64Array
  /** Orthonormal, `[directions][pixels]`. */
  readonly axes: readonly Float64Array[]
  /** The standard deviation along each. */
  readonly deviations: readonly number[]
}

const dot = (x: ArrayLike<number>, y: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < x.length; i++) sum += (x[i] as number) * (y[i] as number)
  return sum
}

const addTo = (target: Float64Array, factor: number, values: ArrayLike<number>): void => {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] as number) + factor * (values[i] as number)
}

/** Gram and Schmidt's: each vector less its part along those before it, of length one. */
const orthonormal = (vectors: readonly Float64Array[]): readonly Float64Array[] => {
  const axes: Float64Array[] = []
  for (const vector of vectors) {
    const rest = vector.slice()
    for (const axis of axes) addTo(rest, -dot(rest, axis), axis)
    const length = Math.sqrt(dot(rest, rest))
    axes.push(rest.map((x) => x / length))
  }
  return axes
}

/** The first principal directions of pictures, by orthogonal iteration: powers of their covariance, made orthonormal again. */
export const directionsOf = (pictures: Pictures, count: number, rounds = 20): Directions => {
  const size = pictures[0]?.length ?? 0
  const mean = new Float64Array(size)
  for (const picture of pictures) addTo(mean, 1 / pictures.length, picture)
  const centred = pictures.map((picture) => mean.map((middle, pixel) => (picture[pixel] ?? 0) - middle))
  const multiplied = (axis: Float64Array): Float64Array => {
    const product = new Float64Array(size)
    for (const picture of centred) addTo(product, dot(picture, axis) / pictures.length, picture)
    return product
  }
  const random = Array.from({ length: count }, (_, index) => normal(size)(key(index)))
  const axes = Array.from({ length: rounds }).reduce<readonly Float64Array[]>(
    (now) => orthonormal(now.map(multiplied)),
    orthonormal(random),
  )
  return { mean, axes, deviations: axes.map((axis) => Math.sqrt(dot(multiplied(axis), axis))) }
}

/** Where a picture is along the directions, in units of their deviations. */
export const codeOf =
  ({ mean, axes, deviations }: Directions) =>
  (picture: ArrayLike<number>): Float64Array => {
    const centred = mean.map((middle, pixel) => (picture[pixel] ?? 0) - middle)
    return Float64Array.from(axes, (axis, k) => dot(centred, axis) / (deviations[k] ?? 1))
  }

/** The picture that is there, and like the mean in all other directions. */
export const pictureOf =
  ({ mean, axes, deviations }: Directions) =>
  (code: ArrayLike<number>): Float64Array => {
    const picture = mean.slice()
    axes.forEach((axis, k) => addTo(picture, (code[k] ?? 0) * (deviations[k] ?? 1), axis))
    return picture
  }
