/*
 * e^x by 2^(k/64) from a table and a polynomial of degree 5 in the rest, |r| <= log(2)/128: relative error below 1e-15.
 * Several times as fast as Math.exp, which calls out of compiled code; the inner loop of mixtures is made of it.
 */

const shares = 64
const fractions = Float64Array.from({ length: shares }, (_, k) => 2 ** (k / shares))
const lowest = -1074
const powers = Float64Array.from({ length: 2098 }, (_, k) => 2 ** (k + lowest))
const perShare = shares / Math.LN2
// The logarithm of 2 over 64 in two parts, the first with zeros at its end, so that its multiples are exact.
const stepHigh = 0.6931471803691238 / shares
const stepLow = 1.9082149292705877e-10 / shares
const sixth = 1 / 6
const twentyFourth = 1 / 24
const hundredTwentieth = 1 / 120

// Added and taken off again, it rounds to a whole number, whose bits are then the lowest of the sum.
const magic = 1.5 * 2 ** 52

/** Terms of a sum whose largest is 1 may be taken for this exponent's where theirs is lower: none of them shows. */
export const lowestExponent = -700

/** All that assembly/moves.ts needs to compute the same. */
export const exponentialTable: Float64Array = Float64Array.of(
  perShare,
  magic,
  stepHigh,
  stepLow,
  hundredTwentieth,
  twentyFourth,
  sixth,
  0.5,
  1,
  lowestExponent,
  ...fractions,
)

/** e^x for x from -708 to 709. */
export const exponential = (x: number): number => {
  const rounded = x * perShare + magic - magic
  const whole = rounded | 0
  const r = x - rounded * stepHigh - rounded * stepLow
  const series = 1 + r * (1 + r * (0.5 + r * (sixth + r * (twentyFourth + r * hundredTwentieth))))
  return (fractions[whole & 63] as number) * (powers[(whole >> 6) - lowest] as number) * series
}
