import { requireKnownKeys } from '@monge/errors'
import { energy } from '@monge/kernels'
import { toNumber } from '@monge/losses'
import { split } from '@monge/random'
import { sinkhornDivergence } from '@monge/sinkhorn'
import { slicedWasserstein } from '@monge/sliced'
import type { Backend } from '@monge/backend'
import type { Kernel } from '@monge/kernels'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import type { SinkhornOptions } from '@monge/sinkhorn'
import { bootstrapInterval } from './bootstrap.js'
import type { BootstrapOptions, Interval } from './bootstrap.js'
import { kernelTest } from './kernel-test.js'
import type { KernelTest, KernelTestOptions } from './kernel-test.js'
import { neighbourReport } from './neighbours.js'
import type { NeighbourOptions, NeighbourReport } from './neighbours.js'

/** What to report, and how closely to look. */
export interface TwoSampleOptions
  extends NeighbourOptions, Omit<BootstrapOptions, 'key'>, Omit<KernelTestOptions, 'key' | 'kernel'> {
  /** For permutations, resamples and directions. */
  readonly key: Key
  /** Of the test. Default `energy()`. */
  readonly kernel?: Kernel
  /** Of the divergence. Default `sinkhornDivergence`'s own. */
  readonly sinkhorn?: SinkhornOptions
  /** How many directions to slice along. Default 100. */
  readonly directions?: number
}

/** Held-out data and fresh samples, compared in four ways. */
export interface TwoSampleReport {
  readonly test: KernelTest
  /** The Sinkhorn divergence; its interval is cut at zero. */
  readonly divergence: Interval
  /** The sliced Wasserstein distance of order 2, in units of distance. */
  readonly sliced: number
  readonly neighbours: NeighbourReport
}

/**
 * Compares held-out data with fresh samples of a model, `[n, d]` and `[m, d]`, points of equal weight: a kernel test with
 * its permutation p-value, the Sinkhorn divergence with its bootstrap interval, the sliced Wasserstein distance, and
 * nearest-neighbour precision, recall, density and coverage. The same key gives the same report.
 *
 * @throws InvalidOption; on evaluation what `kernelTest`, `bootstrapInterval` and `neighbourReport` throw
 * @example
 * const report = twoSampleReport({ key: key(1), sinkhorn: { blur: 0.1 } })(backend)(heldOut, fresh)
 */
export const twoSampleReport = (
  options: TwoSampleOptions,
): (<V>(backend: Backend<V>) => (real: Measure, generated: Measure) => TwoSampleReport) => {
  requireKnownKeys(known)('twoSampleReport', options)
  const [ofTest = options.key, ofBootstrap = options.key, ofDirections = options.key] = split(3)(options.key)
  const { kernel = energy(), permutations, resamples, level, neighbours, directions = 100 } = options
  const test = kernelTest({ kernel, key: ofTest, ...given({ permutations }) })
  const interval = bootstrapInterval({ key: ofBootstrap, ...given({ resamples, level }) })
  const near = neighbourReport(given({ neighbours }))
  const divergence = sinkhornDivergence(options.sinkhorn)
  const sliced = slicedWasserstein({ key: ofDirections, count: directions })
  return (backend) => (real, generated) => {
    const found = interval(divergence(backend as Backend))(real, generated)
    return {
      test: test(backend)(real, generated),
      divergence: { ...found, low: Math.max(0, found.low), high: Math.max(0, found.high) },
      sliced: toNumber(sliced(backend))(real, generated),
      neighbours: near(real, generated),
    }
  }
}

const known: readonly (keyof TwoSampleOptions)[] = [
  'key',
  'kernel',
  'permutations',
  'sinkhorn',
  'resamples',
  'level',
  'directions',
  'neighbours',
]

/** The options that were given. */
const given = <A extends Readonly<Record<string, unknown>>>(options: A): { readonly [K in keyof A]?: Exclude<A[K], undefined> } =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as never
