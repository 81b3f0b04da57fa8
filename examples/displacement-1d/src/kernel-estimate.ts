/** A Gaussian kernel estimate of the density of a sample at the places `at`, with Scott's bandwidth `s n^(-1/5)`. */
export const kernelEstimate = (sample: readonly number[], at: readonly number[]): readonly number[] => {
  const { deviation } = momentsOf(sample)
  const bandwidth = deviation * sample.length ** -0.2
  const scale = 1 / (sample.length * bandwidth * Math.sqrt(2 * Math.PI))
  return at.map((place) => scale * sample.reduce((sum, x) => sum + Math.exp(-(((place - x) / bandwidth) ** 2) / 2), 0))
}

/** The mean and the standard deviation of a sample. */
export const momentsOf = (sample: readonly number[]): { readonly mean: number; readonly deviation: number } => {
  const mean = sample.reduce((sum, x) => sum + x, 0) / sample.length
  const variance = sample.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (sample.length - 1)
  return { mean, deviation: Math.sqrt(variance) }
}
