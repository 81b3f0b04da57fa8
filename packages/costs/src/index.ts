export type { Cost, LegendreDual } from './cost.js'
