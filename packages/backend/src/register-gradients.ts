import { getGradient, registerGradient } from '@tensorflow/tfjs-core'
import { gradientConfigs } from '#gradients'

/**
 * Makes tfjs able to differentiate. `@tensorflow/tfjs-core` alone knows no gradients: the union package `@tensorflow/tfjs`
 * registers them, and that file cannot be imported in plain Node. Gradients that are there already, from either or from
 * a user, are left alone; a second call does nothing.
 */
export const registerGradients = (): void => {
  for (const config of gradientConfigs) {
    // Its type denies it, but a kernel without one has an undefined gradient.
    if ((getGradient(config.kernelName) as unknown) === undefined) registerGradient(config)
  }
}
