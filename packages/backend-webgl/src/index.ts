export { webglBackend } from './backend.js'
export type { WebglOptions } from './backend.js'
