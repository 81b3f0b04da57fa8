/** `sum_i u_i v_i` in float64 with Neumaier's compensation, so that a gap of two large sums means something. */
export const compensatedDot = (u: ArrayLike<number>, v: ArrayLike<number>): number => {
  let sum = 0
  let lost = 0
  for (let i = 0; i < u.length; i++) {
    const term = u[i] * v[i]
    const next = sum + term
    lost += Math.abs(sum) >= Math.abs(term) ? sum - next + term : term - next + sum
    sum = next
  }
  return sum + lost
}

/** `sum_i u_i`, compensated likewise. */
export const compensatedSum = (u: ArrayLike<number>): number => {
  let sum = 0
  let lost = 0
  for (let i = 0; i < u.length; i++) {
    const next = sum + u[i]
    lost += Math.abs(sum) >= Math.abs(u[i]) ? sum - next + u[i] : u[i] - next + sum
    sum = next
  }
  return sum + lost
}
