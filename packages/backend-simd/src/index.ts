export { simdBackend } from './backend.js'
export type { SimdOptions } from './backend.js'
export { simdAvailable } from './module.js'
