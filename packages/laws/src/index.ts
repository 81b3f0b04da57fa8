export { cloudArbitrary, cloudsArbitrary, pairArbitrary } from './arbitraries/cloud.js'
export type { Cloud, CloudOptions, CloudPair, Clouds, Setting } from './arbitraries/cloud.js'
export { cloudShapes } from './arbitraries/cloud-shapes.js'
export type { CloudShape } from './arbitraries/cloud-shapes.js'
export {
  directionArbitrary,
  permutationArbitrary,
  positiveArbitrary,
  rigidMapArbitrary,
  vectorArbitrary,
} from './arbitraries/maps.js'
export type { RigidMap } from './arbitraries/maps.js'
export { gradientLaws } from './gradient-laws.js'
export type { GradientLawOptions } from './gradient-laws.js'
export { brokenLaws, checkLaws, law } from './law.js'
export type { CheckOptions, Law, RegisterTest } from './law.js'
export { divergenceLaws, lossLaws } from './loss-laws.js'
export type { LossLawOptions } from './loss-laws.js'
export { costLaws } from './cost-laws.js'
export type { CostLawOptions } from './cost-laws.js'
export { kernelLaws } from './kernel-laws.js'
export type { KernelLawOptions } from './kernel-laws.js'
export { planLaws } from './plan-laws.js'
export type { PlanBetween, PlanLawOptions } from './plan-laws.js'
export { potentialLaws } from './potential-laws.js'
export type { PotentialLawOptions, PotentialPair } from './potential-laws.js'
export { backendLaws } from './backend-laws.js'
export type { BackendLawOptions } from './backend-laws.js'
export { vectorLaws } from './vector-laws.js'
export { costArbitrary, kernelArbitrary, keyArbitrary } from './arbitraries/vocabulary.js'
