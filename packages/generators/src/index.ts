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
export { fromFunction, fromLayers } from './models/adapters.js'
export type { LayersModel, LayersVariable } from './models/adapters.js'
export type { Activation, ActivationName } from './models/activations.js'
export { affineMap } from './models/affine-map.js'
export { followedBy, residual } from './models/compose.js'
export type { Composed } from './models/compose.js'
export type { Initialiser, InitialiserName } from './models/initialisers.js'
export { perceptron } from './models/perceptron.js'
export type { Layer, PerceptronOptions, PerceptronParams } from './models/perceptron.js'
export type { PointMap } from './models/point-map.js'
export { normalNoise, uniformNoise } from './noise.js'
export { gaussian, mapped, multilayerPerceptron, pushforward } from './pushforward.js'
export type { GeneratorOptions } from './pushforward.js'
export { gaussianMixture } from './mixtures/gaussian-mixture.js'
export type { GaussianMixtureOptions, GaussianMixtureParams } from './mixtures/gaussian-mixture.js'
export { curvePoints, polynomialMixture } from './mixtures/polynomial-mixture.js'
export type {
  PolynomialMixtureOptions,
  PolynomialMixtureParams,
  PolynomialMixtureValues,
} from './mixtures/polynomial-mixture.js'
export type { Sampler } from './batch.js'
export { checkpointOf, fit } from './fit.js'
export type { Checkpoint, Fit, FitOptions, FitState } from './fit.js'
export { isFitError } from './fit-error.js'
export type { FitError } from './fit-error.js'
export type { Iteration, IterationState } from './iteration.js'
export { last, lastAsync, run, runAsync } from './run.js'
export type { Last, RunOptions } from './run.js'
export { copyState, disposeState } from './state-tree.js'
export { decodeCheckpoint, encodeCheckpoint } from './checkpoint/checkpoint-file.js'
export { decodeTree, encodeTree } from './checkpoint/tree-file.js'
export { isDone, lbfgs } from './lbfgs/lbfgs.js'
export type { LbfgsOptions, LbfgsState } from './lbfgs/lbfgs.js'
export { objectiveOf } from './objective.js'
export type { ObjectiveOptions } from './objective.js'
