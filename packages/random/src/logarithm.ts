// Highest power down: of the even series that remains of log((1 + s) / (1 - s)) after its first term.
const series: readonly number[] = [
  0.14798198605116586,
  0.15313837699209373,
  0.1818357216161805,
  0.22222198432149784,
  0.2857142874366239,
  0.3999999999940942,
  0.6666666666666735,
]

// The logarithm of 2 in two parts, the first with zeros at its end, so that its multiples are exact.
const logarithmOfTwo = 0.6931471803691238
const remainderOfTwo = 1.9082149292705877e-10

/**
 * The natural logarithm of a normal positive number, to less than one unit in the last place, with additions,
 * multiplications and divisions alone: the same bits on every engine, which `Math.log` does not promise.
 *
 * Source: fdlibm, `e_log.c` (Sun Microsystems, 1993).
 */
export const naturalLogarithm = (value: number): number => {
  let mantissa = value
  let exponent = 0
  for (; mantissa < Math.SQRT1_2; exponent--) mantissa *= 2
  for (; mantissa > Math.SQRT2; exponent++) mantissa /= 2
  const excess = mantissa - 1
  const s = excess / (2 + excess)
  const z = s * s
  let sum = 0
  for (const coefficient of series) sum = (sum + coefficient) * z
  const half = 0.5 * excess * excess
  return exponent * logarithmOfTwo - (half - (s * (half + sum) + exponent * remainderOfTwo) - excess)
}
