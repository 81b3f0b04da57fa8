export { cloudOf } from './cloud-of.js'
export { decodePoints, encodePoints, isPoints, mostPoints } from './encoding.js'
export { cloudPresets, somePresets } from './presets.js'
export type { CloudPreset } from './presets.js'
