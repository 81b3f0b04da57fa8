import type { Cloud } from './cloud.js'
import type { LossParameters } from './losses.js'

/** A flow as it stands at one time. */
export interface Snapshot {
  readonly time: number
  readonly loss: number
  readonly points: Cloud
  /** Minus the gradient over the weight: where each point goes next. */
  readonly velocities: Cloud
}

/** A flow under one loss: the loss before each step, and the cloud at the times asked for. */
export interface Trajectory {
  readonly parameters: LossParameters
  readonly times: readonly number[]
  readonly losses: readonly number[]
  readonly snapshots: readonly Snapshot[]
  readonly secondsPerStep: number
}
