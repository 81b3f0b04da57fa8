export type { Generator, Noise } from './generator.js'
export type { Optimiser, Update } from './optimiser.js'
export type { Params } from './params.js'
