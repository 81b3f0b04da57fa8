import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import { toNumber, valueAndGradientIn } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { fromTensors, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { div, expandDims, greater, neg, onesLike, tidy, where, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D, TensorContainer } from '@tensorflow/tfjs-core'
import type { Flow, FlowState } from './flow.js'
import { euler } from './motion.js'
import type { Motion } from './motion.js'

/** How a gradient flow moves: by Euler steps of this length, or by another rule of motion. */
export type FlowOptions<Memory> = { readonly step: number } | { readonly motion: Motion<Memory> }

/**
 * The Wasserstein gradient flow of a loss in its first measure: `dx_i/dt = -(1 / a_i) dL/dx_i`. Weights stay; points
 * without weight do too. The loss is evaluated once a step, with its gradient in the moving measure alone.
 *
 * States hold measures of their own, at the loss's place (tfjs's current backend for a loss without one).
 *
 * @throws InvalidOption; Diverged where the loss is not finite; what the loss throws, DimensionMismatch for one
 * @see Feydy et al., Interpolating between optimal transport and MMD using Sinkhorn divergences (2019), section 4
 * @example
 * for (const { time, value } of run(gradientFlow(loss, { step: 0.05 }), mu, nu, { steps: 100 })) draw(time, value)
 */
export const gradientFlow = <Memory = undefined>(loss: Loss, options: FlowOptions<Memory>): Flow<Memory> => {
  const motion = motionOf(options)
  const { place } = loss

  // States are records of tensors, which tidy keeps though its type does not take them for a container.
  const here = (body: () => FlowState<Memory>): FlowState<Memory> => {
    const tidied = (): FlowState<Memory> => tidy(body as unknown as () => TensorContainer) as unknown as FlowState<Memory>
    return place === undefined ? tidied() : place.within(tidied)
  }

  const arrive = (rest: Omit<FlowState<Memory>, 'value' | 'velocity'>): FlowState<Memory> => {
    const { value, gradient } = valueAndGradientIn('mu')(loss)(rest.measure, rest.target)
    const [number] = value.dataSync()
    if (!Number.isFinite(number))
      throw mongeError('Diverged', 'gradientFlow', `the loss is ${number} after ${rest.iteration} steps`)
    return { ...rest, value: number, velocity: velocityOf(rest.measure.weights, gradient.points) }
  }

  const own = ({ weights, points }: Measure): Measure => measureOrThrow(fromTensors(points, weights, place))

  return {
    init: (mu, nu) =>
      here(() => {
        const [measure, target] = [own(mu), own(nu)]
        return arrive({ iteration: 0, time: 0, measure, target, memory: motion.init(measure.points) })
      }),
    step: ({ iteration, time, measure, target, value, velocity, memory }) =>
      here(() => {
        const { weights } = measure
        const valueAt = (points: Tensor2D): number => toNumber(loss)({ weights, points }, target)
        const move = motion.move({ ...measure, velocity, value, valueAt }, memory)
        return arrive({
          iteration: iteration + 1,
          time: time + move.length,
          measure: { weights, points: move.points },
          target,
          memory: move.memory,
        })
      }),
  }
}

const motionOf = <Memory>(options: FlowOptions<Memory>): Motion<Memory> => {
  requireKnownKeys(['step', 'motion'])('gradientFlow', options)
  if ('step' in options && 'motion' in options)
    throw mongeError('InvalidOption', 'gradientFlow', 'expected a step or a motion, got both')
  if ('motion' in options) {
    if (typeof (options.motion as unknown as Partial<Motion> | undefined)?.move !== 'function')
      throw mongeError('InvalidOption', 'gradientFlow: motion', 'expected a rule of motion, such as momentum(0.05)')
    return options.motion
  }
  // Without a motion of the caller's there is nothing to remember, and Memory is undefined.
  return euler(requirePositive('gradientFlow: step', options.step)) as unknown as Motion<Memory>
}

const velocityOf = (weights: Tensor1D, gradient: Tensor2D): Tensor2D => {
  const column = expandDims<Tensor2D>(weights, 1)
  const weighty = greater(column, zerosLike(column))
  const safe = where(weighty, column, onesLike(column))
  return where(weighty, neg(div(gradient, safe)), zerosLike(gradient))
}
