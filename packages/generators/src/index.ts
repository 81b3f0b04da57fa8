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
export { adam, adamw } from './optimisers/adam.js'
export type { AdamOptions, AdamState, AdamwOptions } from './optimisers/adam.js'
export { chain } from './optimisers/chain.js'
export { clipByGlobalNorm, clipByValue } from './optimisers/clip.js'
export { momentum, sgd } from './optimisers/momentum.js'
export type { MomentumOptions, MomentumState } from './optimisers/momentum.js'
export { constantRate, cosineRate, exponentialRate, piecewiseRate, warmUp } from './optimisers/rate.js'
export type { Rate, RateSchedule } from './optimisers/rate.js'
export { rmsprop } from './optimisers/rmsprop.js'
export type { RmspropOptions, RmspropState } from './optimisers/rmsprop.js'
export { scale, scaleBySchedule } from './optimisers/scale.js'
export type { Counted } from './optimisers/scale.js'
