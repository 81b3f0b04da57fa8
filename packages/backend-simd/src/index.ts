export { simdBackend } from './backend.js'
export type { SimdBackend, SimdOptions } from './backend.js'
export { simdAvailable } from './module.js'
