import type { Backend } from '@monge/backend'
import { measureOrThrow, uniform } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { cloudOf } from './clouds/cloud-of.js'
import type { Cloud } from './experiment.js'

/** The uniform measure on `count` points of a cloud control's value. The caller disposes of it. */
export const measureOf = (backend: Backend, value: string, count: number, seed: number): Measure =>
  measureOrThrow(uniform({ data: cloudOf(value, count, seed), shape: [count, 2] }, backend))

/** Its points as they are now, for a frame. */
export const cloudOfMeasure = ({ points }: Measure): Cloud => ({
  points: Float32Array.from(points.dataSync()),
  dimension: points.shape[1],
})
