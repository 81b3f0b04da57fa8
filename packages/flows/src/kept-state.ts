import { withPoints } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import type { FlowState } from './flow.js'

/** A state without the rule of motion's memory, whose tensors nobody else disposes of. */
export type KeptState = Omit<FlowState, 'memory'>

/** A copy of a state that outlives the run. */
export const copyState = ({ memory: _memory, measure, target, velocity, ...rest }: FlowState): KeptState => {
  const moving = withPoints(velocity)(measure)
  dispose(moving.weights)
  return {
    ...rest,
    measure: withPoints(measure.points)(measure),
    target: withPoints(target.points)(target),
    velocity: moving.points,
  }
}

/** Frees a copied state. */
export const disposeState = (state: KeptState | undefined): void => {
  if (state === undefined) return
  const { measure, target, velocity } = state
  dispose([measure.weights, measure.points, target.weights, target.points, velocity])
}
