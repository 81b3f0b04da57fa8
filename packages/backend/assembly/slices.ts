/*
 * Sliced transport, one direction at a time, in float64: both clouds are projected, sorted, and merged by quantiles;
 * values and gradients add up over the directions.
 *
 * It is compiled twice: into a module of its own, and into the kernels of the SIMD engine, which slices in threads.
 */

export {
  describe, locate, face, layWork, laySums, layout, xsAt, ysAt, directionAt, weightsXAt, weightsYAt, slopesXAt,
  slopesYAt, potentialXAt, potentialYAt, orderXAt, orderYAt, sortedXAt, sortedYAt, clear,
} from './slices/memory'
export { prepareX, prepareY } from './slices/order'
export { value, valueAndGradient } from './slices/quantiles'
