export { envelopeTerm } from './envelope.js'
export type { EnvelopeTerm, MeasureGradient } from './envelope.js'
export { lossAt } from './loss.js'
export type { Loss } from './loss.js'
