export type { Measure } from './measure.js'
