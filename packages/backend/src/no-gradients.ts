import type { GradConfig } from '@tensorflow/tfjs-core'

/**
 * What `#gradients` is outside Node: nothing, because there tfjs-core's own entry has registered its gradients. In
 * Node it is dist/gradients.js, made by build-gradients.mjs.
 */
export const gradientConfigs: readonly GradConfig[] = []
