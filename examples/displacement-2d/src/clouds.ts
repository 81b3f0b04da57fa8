import type { Gaussian } from '@monge/exact'
import { fold, key, normal } from '@monge/random'

/** Points in the plane. */
export type Cloud = readonly (readonly [number, number])[]

// Two ellipses that lean to opposite sides.
export const source: Gaussian = { mean: [0, 0], covariance: [[2, -1.2], [-1.2, 1]] }
export const target: Gaussian = { mean: [5, 4], covariance: [[1, 0.8], [0.8, 1.5]] }

/** Points of a Gaussian in the plane, by the Cholesky factor of its covariance. */
export const drawn = (law: Gaussian, count: number, seed: number, stream: number): Cloud => {
  const z = normal(2 * count)(fold(stream)(key(seed)))
  const [[xx = 1, xy = 0] = [], [, yy = 1] = []] = law.covariance
  const [mx = 0, my = 0] = law.mean
  const a = Math.sqrt(xx)
  const b = xy / a
  const c = Math.sqrt(yy - b * b)
  return Array.from({ length: count }, (_, i) => {
    const [u = 0, v = 0] = z.subarray(2 * i, 2 * i + 2)
    return [mx + a * u, my + b * u + c * v]
  })
}
