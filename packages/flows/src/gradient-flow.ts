import { mongeError } from '@monge/errors'
import { toNumber, valueAndGradientIn } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { withPoints } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { div, dispose, expandDims, greater, neg, onesLike, tidy, where, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Flow, FlowState } from './flow.js'
import { euler } from './motion.js'
import type { Motion } from './motion.js'

/** How a gradient flow moves: by Euler steps of this length, or by another rule of motion. */
export type FlowOptions<Memory> = { readonly step: number } | { readonly motion: Motion<Memory> }

/**
 * The Wasserstein gradient flow of a loss in its first measure: `dx_i/dt = -(1 / a_i) dL/dx_i`. Weights stay; points
 * without weight do too. The loss is evaluated once a step, with its gradient in the moving measure alone.
 *
 * @throws InvalidOption; Diverged where the loss is not finite
 * @see Feydy et al., Interpolating between optimal transport and MMD using Sinkhorn divergences (2019), section 4
 */
export const gradientFlow = <Memory = undefined>(loss: Loss, options: FlowOptions<Memory>): Flow<Memory> => {
  // Without a motion of the caller's there is nothing to remember, and Memory is undefined.
  const motion = 'motion' in options ? options.motion : (euler(options.step) as unknown as Motion<Memory>)
  const here = <A>(body: () => A): A => (loss.place === undefined ? body() : loss.place.within(body))

  const arrive = (
    rest: Omit<FlowState<Memory>, 'value' | 'velocity'>,
  ): FlowState<Memory> => {
    const { measure, target, iteration } = rest
    const { value, gradient } = valueAndGradientIn('mu')(loss)(measure, target)
    const number = value.dataSync()[0]
    dispose(value)
    const velocity = tidy(() => velocityOf(measure.weights, gradient.points))
    dispose([gradient.weights, gradient.points])
    if (!Number.isFinite(number))
      throw mongeError('Diverged', 'gradientFlow', `the loss is ${number} after ${iteration} steps`)
    return { ...rest, value: number, velocity }
  }

  return {
    init: (mu, nu) =>
      here(() => {
        const measure = { weights: mu.weights.clone(), points: mu.points.clone() }
        return arrive({ iteration: 0, time: 0, measure, target: nu, memory: motion.init(measure.points) })
      }),
    step: ({ iteration, time, measure, target, value, velocity, memory }) =>
      here(() => {
        const valueAt = (points: Tensor2D): number => toNumber(loss)(withPoints(points)(measure), target)
        const move = motion.move({ ...measure, velocity, value, valueAt }, memory)
        const moved: Measure = { weights: measure.weights, points: move.points }
        return arrive({
          iteration: iteration + 1,
          time: time + move.length,
          measure: moved,
          target,
          memory: move.memory,
        })
      }),
    dispose: ({ measure, velocity, memory }, next) => {
      const kept = next === undefined ? [] : [next.measure.weights, ...motion.tensors(next.memory)]
      const held = [measure.weights, measure.points, velocity, ...motion.tensors(memory)]
      dispose(held.filter((tensor) => !kept.includes(tensor)))
    },
  }
}

const velocityOf = (weights: Tensor1D, gradient: Tensor2D): Tensor2D => {
  const column = expandDims<Tensor2D>(weights, 1)
  const weighty = greater(column, zerosLike(column))
  const safe = where(weighty, column, onesLike(column))
  return where(weighty, neg(div(gradient, safe)), zerosLike(gradient))
}
