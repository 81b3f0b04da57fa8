import { getGradient, registerGradient } from '@tensorflow/tfjs-core'
import { gradientConfigs } from '#gradients'

/**
 * Makes tfjs able to differentiate. `@tensorflow/tfjs-core` alone knows no gradients: the union package `@tensorflow/tfjs`
 * registers them, and that file cannot be imported in plain Node. Gradients that are there already, from either or from
 * a user, are left alone; a second call does nothing.
 */
export const registerGradients = (): void =>
  gradientConfigs
    // Its type denies it, but an unknown kernel has an undefined gradient.
    .filter((config) => (getGradient(config.kernelName) as unknown) === undefined)
    .forEach((config) => registerGradient(config))
