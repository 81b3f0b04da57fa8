export { bootstrapInterval } from './evaluation/bootstrap.js'
export type { BootstrapOptions, Interval } from './evaluation/bootstrap.js'
export { kernelTest } from './evaluation/kernel-test.js'
export type { KernelTest, KernelTestOptions } from './evaluation/kernel-test.js'
export { neighbourReport } from './evaluation/neighbours.js'
export type { NeighbourOptions, NeighbourReport } from './evaluation/neighbours.js'
export { twoSampleReport } from './evaluation/two-sample-report.js'
export type { TwoSampleOptions, TwoSampleReport } from './evaluation/two-sample-report.js'
export type { Generator, Noise } from './generator.js'
export { applyUpdates } from './optimiser.js'
export type { Optimiser, Update } from './optimiser.js'
export type { Params } from './params.js'
export {
  copyParams,
  countParams,
  disposeParams,
  equalParams,
  flattenParams,
  leavesOf,
  mapParams,
  withLeaves,
  zipParams,
} from './tree.js'
export type { Path } from './tree.js'
export { valueAndGradientOf } from './value-and-gradient.js'
export type { ParamsGradient } from './value-and-gradient.js'
