/** Where the target stands. */
export const around: readonly number[] = [7, -4]

/** The variance of the uniform distribution on (-10, 10). */
const spread = 100 / 3

/** A multiple of the identity of the plane. */
export const identity = (variance: number): readonly (readonly number[])[] => [
  [variance, 0],
  [0, variance],
]

/** The mean and, the same on both axes, the variance of the particles' law after a number of steps. */
export const lawAfter = (step: number, count: number): { readonly mean: readonly number[]; readonly variance: number } => {
  const kept = (1 - step) ** count
  return {
    mean: around.map((goal) => goal * (1 - kept)),
    variance: kept ** 2 * spread + (1 - kept ** 2) / (1 - step / 2),
  }
}
