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
