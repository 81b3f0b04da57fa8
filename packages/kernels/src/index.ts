export type { Kernel } from './kernel.js'
