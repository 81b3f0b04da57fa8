import type { Float } from '@monge/backend'

/*
 * Sums on the host, accumulated in float64: masses, values and bounds.
 */

export const total = (values: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum
}

export const dot = (u: ArrayLike<number>, v: ArrayLike<number>): number => {
  let sum = 0
  for (let i = 0; i < u.length; i++) sum += u[i] * v[i]
  return sum
}

/** The largest absolute value. */
export const largest = (values: Float): number => {
  let most = 0
  for (let i = 0; i < values.length; i++) most = Math.max(most, Math.abs(values[i]))
  return most
}
