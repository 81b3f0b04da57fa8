/** A step that was taken, and the change of the gradient over it, `[n]` each. */
export interface Pair {
  readonly step: Float64Array
  readonly change: Float64Array
}

export const dot = (u: Float64Array, v: Float64Array): number => {
  let total = 0
  for (let i = 0; i < u.length; i++) total += (u[i] ?? 0) * (v[i] ?? 0)
  return total
}

const addTo = (target: Float64Array, factor: number, v: Float64Array): void => {
  for (let i = 0; i < target.length; i++) target[i] = (target[i] ?? 0) + factor * (v[i] ?? 0)
}

/**
 * Minus the gradient, times an approximation of the inverse Hessian from the last pairs, the oldest first: the two-loop
 * recursion.
 *
 * @see Nocedal, Wright, Numerical optimization (2006), algorithm 7.4
 */
export const quasiNewton = (gradient: Float64Array, pairs: readonly Pair[]): Float64Array => {
  const direction = gradient.map((slope) => -slope)
  const shares = pairs.map(() => 0)
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change } = pairs[i] as Pair
    const share = dot(step, direction) / dot(step, change)
    shares[i] = share
    addTo(direction, -share, change)
  }
  const newest = pairs.at(-1)
  if (newest !== undefined) {
    const scale = dot(newest.step, newest.change) / dot(newest.change, newest.change)
    direction.forEach((value, i) => {
      direction[i] = scale * value
    })
  }
  pairs.forEach(({ step, change }, i) => {
    addTo(direction, (shares[i] ?? 0) - dot(change, direction) / dot(step, change), step)
  })
  return direction
}
