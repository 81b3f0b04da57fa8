import type { Cloud } from './cloud.js'
import type { Options } from './options.js'
import type { Trajectory } from './trajectory.js'

/** A run with its results: all that the pictures, the page and the data are made from. */
export interface Run {
  readonly options: Options
  /** The backend that computed, by name. */
  readonly backend: string
  readonly sourceName: string
  readonly targetName: string
  readonly source: Cloud
  readonly target: Cloud
  readonly trajectories: readonly Trajectory[]
}
