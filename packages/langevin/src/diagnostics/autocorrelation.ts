import FFT from 'fft.js'
import { readChains } from './chains.js'
import { meanOf } from './moments.js'

/** The smallest power of two that is not below `count`. */
const powerAbove = (count: number): number => 2 ** Math.ceil(Math.log2(count))

/**
 * The autocovariance of one chain at lags 0 to n - 1, `1/n sum_t (x_t - m)(x_{t+k} - m)`: by a fast Fourier transform
 * of twice the length, in time O(n log n).
 */
export const autocovarianceOf = (chain: Float64Array): Float64Array => {
  const draws = chain.length
  const size = powerAbove(Math.max(4, 2 * draws))
  const transform = new FFT(size)
  const mean = meanOf(chain)
  const input = new Float64Array(2 * size)
  for (let draw = 0; draw < draws; draw++) input[2 * draw] = (chain[draw] ?? 0) - mean
  const spectrum = new Float64Array(2 * size)
  transform.transform(spectrum, input)
  for (let bin = 0; bin < size; bin++) {
    const [real, imaginary] = [spectrum[2 * bin] ?? 0, spectrum[2 * bin + 1] ?? 0]
    spectrum[2 * bin] = real * real + imaginary * imaginary
    spectrum[2 * bin + 1] = 0
  }
  transform.inverseTransform(input, spectrum)
  return Float64Array.from({ length: draws }, (_, lag) => (input[2 * lag] ?? 0) / draws)
}

/**
 * The autocorrelation of one chain at lags 0 to n - 1, `[n]`: the autocovariance over the one at lag 0, both with 1/n.
 * Of a chain that never moves it is 1 throughout.
 *
 * @throws InvalidArgument for fewer than two draws, or one that is not finite
 */
export const autocorrelation = (chain: ArrayLike<number>): Float64Array => {
  const [only = new Float64Array()] = readChains('autocorrelation', [chain], 2)
  if (only.every((value) => value === only[0])) return only.map(() => 1)
  const covariance = autocovarianceOf(only)
  const variance = covariance[0] ?? 1
  return covariance.map((value) => value / variance)
}
