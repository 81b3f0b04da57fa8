import { getGradient, registerGradient } from '@tensorflow/tfjs-core'
import { gradientConfigs } from '#gradients'

/**
 * Makes tfjs able to differentiate in plain Node, where its own entry registers no gradients. Does nothing where they
 * are there already: in browsers and bundles, or on a second call. A gradient that a user registered is left alone.
 */
export const registerGradients = (): void =>
  gradientConfigs
    // Its type denies it, but an unknown kernel has an undefined gradient.
    .filter((config) => (getGradient(config.kernelName) as unknown) === undefined)
    .forEach((config) => registerGradient(config))
