/**
 * The error function to double precision, by `erf x = 2/sqrt(pi) exp(-x²) sum_k 2^k x^(2k+1) / (2k+1)!!`, whose terms
 * all have one sign. Abramowitz & Stegun, Handbook of Mathematical Functions, 7.1.6.
 */
export const erf = (x: number): number => {
  if (Number.isNaN(x)) return x
  // 1 - erf(6) = 2e-17 is below half a unit in the last place.
  if (Math.abs(x) > 6) return Math.sign(x)
  let term = x
  let sum = x
  for (let k = 1; Math.abs(term) > 1e-17 * Math.abs(sum); k++) {
    term *= (2 * x * x) / (2 * k + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}
