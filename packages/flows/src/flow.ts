import type { Measure } from '@monge/measures'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** Where a flow stands. Its tensors live until the next state is asked of `run`; `copyState` what is to be kept. */
export interface FlowState<Memory = unknown> {
  /** The number of steps taken. */
  readonly iteration: number
  /** The sum of the steps' lengths. */
  readonly time: number
  readonly measure: Measure
  readonly target: Measure
  /** The loss between measure and target. */
  readonly value: number
  /** Minus the loss's gradient in each point over its weight, `[n, d]`: where the points want to go, at which speed. */
  readonly velocity: Tensor2D
  /** What the rule of motion remembers. */
  readonly memory: Memory
}

/**
 * An iteration on measures: a first state, and from each state the next. Neither changes or frees what it is given; a
 * state may share tensors with the one before it, but not with the caller's measures.
 */
export interface Flow<Memory = unknown> {
  init(mu: Measure, nu: Measure): FlowState<Memory>
  step(state: FlowState<Memory>): FlowState<Memory>
}
