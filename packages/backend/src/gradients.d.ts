import type { GradConfig } from '@tensorflow/tfjs-core'

/** tfjs-core's own gradients, in dist/gradients.js as build-gradients.mjs makes it. */
export declare const gradientConfigs: readonly GradConfig[]
