import { gradientFlow } from '@monge/flows'
import type { FlowOptions, FlowState } from '@monge/flows'
import type { Loss } from '@monge/losses'
import type { Measure } from '@monge/measures'
import type { ChainState, Sampler } from '../sampler.js'

/** Where a flow to samples stands. */
export interface LossFlowState<Memory = unknown> extends ChainState {
  readonly flow: FlowState<Memory>
}

/** What is worth knowing of a step. */
export interface LossFlowInfo {
  /** The loss between the particles and the samples, after the step. */
  readonly value: number
}

/**
 * The gradient flow of a loss (a kernel norm, a Sinkhorn divergence) to a target that is given by samples, as a sampler
 * without noise; its key is of no consequence. The samples must live until the first state is there.
 *
 * @throws InvalidOption; Diverged where the loss is not finite; what the loss throws
 */
export const lossFlow = <Memory = undefined>(
  loss: Loss,
  samples: Measure,
  options: FlowOptions<Memory>,
): Sampler<LossFlowState<Memory>, LossFlowInfo> => {
  const flow = gradientFlow(loss, options)
  return {
    init: (key, start) => {
      const first = flow.init(start, samples)
      return { iteration: 0, key, measure: first.measure, flow: first }
    },
    step: (state) => {
      const next = flow.step(state.flow)
      return {
        state: { iteration: next.iteration, key: state.key, measure: next.measure, flow: next },
        info: { value: next.value },
      }
    },
  }
}
