import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'

/**
 * Where a sampler's chains stand: each particle of the measure is a chain. The tensors live until the next state is
 * asked of `run`; `copyState` what is to be kept. Samplers add what else they must know of the past.
 */
export interface ChainState {
  /** The number of steps taken. */
  readonly iteration: number
  /** The chains' key, the same all along: the step from iteration t draws from `fold(t)` of it. */
  readonly key: Key
  readonly measure: Measure
}

/** A step's outcome: the next state, and what is worth knowing of the step besides. */
export interface Step<State, Info> {
  readonly state: State
  readonly info: Info
}

/**
 * A Markov chain on measures, for all particles at once: a first state, and from each state the next. Neither changes
 * nor frees what it is given; a state may share tensors with the one before it, but not with the caller's measure. All
 * that a step depends on is in the state: the same state has the same next state, bit for bit.
 */
export interface Sampler<State extends ChainState = ChainState, Info = unknown> {
  init(key: Key, start: Measure): State
  /** @throws Diverged where a chain leaves the numbers, with the chain and the iteration in its message */
  step(state: State): Step<State, Info>
  /**
   * What so many steps come to, the same bit for bit, with the last one's info: for samplers that have a faster way, where
   * nobody looks at the states between.
   */
  leap?(state: State, count: number): Step<State, Info>
}
