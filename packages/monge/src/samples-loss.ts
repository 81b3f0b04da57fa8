import type { Backend } from '@monge/backend'
import type { Cost } from '@monge/costs'
import { mongeError, requireKnownKeys, requireOneOf, requirePositive } from '@monge/errors'
import { energy, gaussian, kernelNorm, laplacian } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { hausdorffDivergence, sinkhornCost, sinkhornDivergence } from '@monge/sinkhorn'
import type { SinkhornOptions } from '@monge/sinkhorn'

/** The options of GeomLoss's `SamplesLoss`, with their meaning there; `tolerance` is ours. */
export interface SamplesLossOptions {
  /** Default `sinkhorn`. */
  readonly loss?: 'sinkhorn' | 'hausdorff' | 'energy' | 'gaussian' | 'laplacian'
  /** The cost is `|x - y|^p / p`. Default 2. */
  readonly p?: number
  /** The blur of transport, `epsilon = blur^p`; the width of a kernel. Default 0.05. */
  readonly blur?: number
  /** The scale beyond which mass is destroyed rather than moved, `rho = reach^p`. Default: no mass is. */
  readonly reach?: number
  /** Where annealing starts. Default: the diagonal of the clouds' common bounding box. */
  readonly diameter?: number
  /** The ratio of successive blurs, in (0, 1). Default 0.5. */
  readonly scaling?: number
  /** Solve until the marginal error, in units of mass, is below this. Default: GeomLoss's fixed schedule. */
  readonly tolerance?: number
  /** Whether to take the bias off entropic transport. Default true. */
  readonly debias?: boolean
  /** Another cost, for `sinkhorn` and `hausdorff`. */
  readonly cost?: Cost
  /** Another kernel, for `energy`, `gaussian` and `laplacian`. */
  readonly kernel?: Kernel
}

const known: readonly (keyof SamplesLossOptions)[] = [
  'loss',
  'p',
  'blur',
  'reach',
  'diameter',
  'scaling',
  'tolerance',
  'debias',
  'cost',
  'kernel',
]

const names = ['sinkhorn', 'hausdorff', 'energy', 'gaussian', 'laplacian'] as const

/**
 * GeomLoss's losses between sampled measures, by GeomLoss's names. Options that a loss does not use are checked, and
 * otherwise ignored, as they are there.
 *
 * @throws InvalidOption
 */
export const samplesLoss = (options: SamplesLossOptions = {}): ((backend: Backend) => Loss) => {
  const where = 'samplesLoss'
  requireKnownKeys(known)(where, options)
  const { loss = 'sinkhorn', debias = true, kernel, ...transport } = options
  const name = requireOneOf(names)(`${where}: loss`, loss)
  if (typeof debias !== 'boolean')
    throw mongeError('InvalidOption', `${where}: debias`, `expected true or false, got ${String(debias)}`)
  for (const option of ['p', 'blur', 'reach', 'diameter', 'scaling', 'tolerance'] as const)
    if (options[option] !== undefined) requirePositive(`${where}: ${option}`, options[option])
  switch (name) {
    case 'sinkhorn':
      return (debias ? sinkhornDivergence : sinkhornCost)(transport satisfies SinkhornOptions)
    case 'hausdorff':
      return hausdorffDivergence(transport satisfies SinkhornOptions)
    default:
      return kernelNorm(kernel ?? kernelOf(name, options.blur ?? 0.05))
  }
}

const kernelOf = (name: 'energy' | 'gaussian' | 'laplacian', blur: number): Kernel => {
  switch (name) {
    case 'energy':
      return energy()
    case 'gaussian':
      return gaussian(blur)
    case 'laplacian':
      return laplacian(blur)
  }
}
