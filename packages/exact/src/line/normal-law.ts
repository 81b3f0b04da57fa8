import { requireFinite, requirePositive } from '@monge/errors'
import type { FullLaw } from './quantiles.js'

/** The normal law of the given mean and standard deviation; distribution and quantiles are good to about 1e-15. */
export const normalLaw = (mean: number, deviation: number): FullLaw => {
  requireFinite('normalLaw: mean', mean)
  requirePositive('normalLaw: deviation', deviation)
  return {
    quantile: (t) => mean + deviation * standardQuantile(t),
    distribution: (x) => upperTail((mean - x) / deviation),
  }
}

/** `P(Z > z)`: a series near zero, Laplace's continued fraction in the tails. */
const upperTail = (z: number): number => {
  if (z < 0) return 1 - upperTail(-z)
  const density = Math.exp(-(z * z) / 2) / Math.sqrt(2 * Math.PI)
  if (z < 3) {
    let term = z
    let sum = z
    for (let k = 3; Math.abs(term) > 1e-17 * Math.abs(sum); k += 2) {
      term *= (z * z) / k
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = 0
  for (let k = 80; k > 0; k--) fraction = k / (z + fraction)
  return density / (z + fraction)
}

/** Acklam's rational start, then Halley's steps on the tail that is small, so that no digits cancel. */
const standardQuantile = (t: number): number => {
  if (t <= 0) return -Infinity
  if (t >= 1) return Infinity
  if (t > 0.5) return -lowerQuantile(1 - t)
  return lowerQuantile(t)
}

const lowerQuantile = (t: number): number => {
  let z = -initialTail(t)
  for (let k = 0; k < 3; k++) {
    const error = (upperTail(-z) - t) * Math.sqrt(2 * Math.PI) * Math.exp((z * z) / 2)
    z -= error / (1 + (z * error) / 2)
  }
  return z
}

/** Hastings' approximation (Abramowitz and Stegun 26.2.23), good to 4.5e-4. */
const initialTail = (t: number): number => {
  const s = Math.sqrt(-2 * Math.log(t))
  const top = 2.515517 + s * (0.802853 + s * 0.010328)
  const bottom = 1 + s * (1.432788 + s * (0.189269 + s * 0.001308))
  return s - top / bottom
}
