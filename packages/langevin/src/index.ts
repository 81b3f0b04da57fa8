export * from './diagnostics/index.js'
export type { Draws } from './draws.js'
export type { HostField, Potential, ValueAndGradient } from './potential.js'
export type { ChainState, Sampler, Step } from './sampler.js'
