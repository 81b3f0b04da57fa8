import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { random } from 'monge'

/** What is to be timed. Clouds are uniform in the unit cube, the target's shrunk and shifted. */
export type Problem =
  /** Value and gradient in x of GeomLoss's default divergence, p = 2, by its fixed schedule. */
  | { readonly kind: 'divergence'; readonly n: number; readonly d: number; readonly blur: number; readonly scaling: number }
  /** Entropic transport, p = 2, to a marginal error. `blur` is relative to the diameter. */
  | { readonly kind: 'transport'; readonly n: number; readonly d: number; readonly blur: number; readonly tolerance: number }
  /** Entropic transport for a given cost matrix, epsilon relative to its largest entry. */
  | { readonly kind: 'matrix'; readonly n: number; readonly d: number; readonly epsilon: number; readonly tolerance: number }
  /** `sum_j exp(-|x_i - y_j|² / 2 sigma²) b_j`. */
  | { readonly kind: 'kernel'; readonly n: number; readonly d: number; readonly sigma: number }
  /** Value and gradient in x of the sliced Wasserstein distance, p = 2. */
  | { readonly kind: 'sliced'; readonly n: number; readonly d: number; readonly directions: number }
  /**
   * Steps of .01 of the unadjusted Langevin algorithm, in the plane: on a Gaussian about (7, -4), or on ten on a circle. The
   * value is the mean distance from the origin in the end.
   */
  | { readonly kind: 'langevin'; readonly n: number; readonly d: 2; readonly modes: 1 | 10; readonly steps: number }

  /**
   * A step of Adam for a network from noise of `sizes[0]` dimensions, by GeomLoss's default divergence to `batch` of the
   * n points y. The value is the loss, of noise of one's own.
   */
  | {
      readonly kind: 'training'
      readonly n: number
      readonly d: number
      readonly sizes: readonly number[]
      readonly batch: number
      readonly blur: number
    }

/** A problem in a folder: `problem.json` and both clouds, row-major doubles. */
export const writeProblem = (folder: string, problem: Problem): void => {
  const { n, d } = problem
  const [keyX, keyY] = random.split(2)(random.key(n * 31 + d))
  const x = random.uniform({ low: 0, high: 1 }, n * d)(keyX)
  const y = random.uniform({ low: 0.3, high: 1.1 }, n * d)(keyY)
  writeFileSync(join(folder, 'problem.json'), JSON.stringify(problem))
  writeFileSync(join(folder, 'x.bin'), new Uint8Array(x.buffer))
  writeFileSync(join(folder, 'y.bin'), new Uint8Array(y.buffer))
}

/** The problem in words, for a table. */
export const nameOf = (problem: Problem): string => {
  const size = `N = M = ${problem.n.toLocaleString('en')}, d = ${problem.d}`
  switch (problem.kind) {
    case 'divergence':
      return `Sinkhorn divergence and gradient, blur ${problem.blur}, scaling ${problem.scaling}, ${size}`
    case 'transport':
      return `entropic transport to error ${problem.tolerance}, blur ${problem.blur} of the diameter, ${size}`
    case 'matrix':
      return `entropic transport of a matrix to error ${problem.tolerance}, epsilon ${problem.epsilon} of its maximum, N = M = ${problem.n}`
    case 'kernel':
      return `Gaussian kernel sum, ${size}`
    case 'training':
      return `training step of a ${problem.sizes.join('-')} network, batch ${problem.batch}, blur ${problem.blur}`
    case 'sliced':
      return `sliced Wasserstein distance and gradient, ${problem.directions} directions, ${size}`
    case 'langevin': {
      const target = problem.modes === 1 ? 'a Gaussian' : `a mixture of ${problem.modes}`
      return `${problem.steps} Langevin steps on ${target}, ${problem.n.toLocaleString('en')} particles, d = ${problem.d}`
    }
  }
}
