import { descendOnce } from '@monge-examples/sliced-flow/descend'
import type { Pull } from '@monge-examples/sliced-flow/descend'
import type { Cloud as Rows } from '@monge-examples/sliced-flow/forms'
import { emdSamples } from '@monge/exact'
import { cloudOfRows } from '../../drawing.js'
import type { Frame, RunPlace } from '../../experiment.js'

/** What goes down what, and beside which shapes. */
export interface Course {
  readonly start: Rows
  readonly steps: number
  readonly pulls: (step: number) => readonly Pull[]
  readonly rate: (step: number) => number
  readonly shapes: readonly [Rows, Rows]
  /** In which steps the exact distances are measured: every so many, and the last. */
  readonly measureEvery: number
}

// Larger clouds would wait long for their exact distances.
const mostToMeasure = 1000

/**
 * The cloud before each step and after the last, with its loss, and its exact distances to both shapes: `toOne` and
 * `toOther` where they are measured, `latest...` as they were then.
 */
export async function* descent(
  { start, steps, pulls, rate, shapes: [one, other], measureEvery }: Course,
  { backend, signal }: RunPlace,
): AsyncGenerator<Frame, void> {
  const descend = descendOnce(backend)
  const measurable = Math.max(start.length, one.length, other.length) <= mostToMeasure
  const distance = (cloud: Rows, shape: Rows): number => emdSamples({ x: cloud, y: shape, p: 2 }).distance
  let cloud = start
  let latest: Readonly<Record<string, number>> = {}
  for (let step = 0; step <= steps; step++) {
    if (signal.aborted) return
    const { loss, next } = descend(cloud, pulls(step), rate(step))
    const measured = measurable && (step % measureEvery === 0 || step === steps)
    const found = measured ? { toOne: distance(cloud, one), toOther: distance(cloud, other) } : undefined
    if (found !== undefined) latest = { measuredAt: step, latestToOne: found.toOne, latestToOther: found.toOther }
    yield {
      step,
      clouds: { one: cloudOfRows(one), other: cloudOfRows(other), cloud: cloudOfRows(cloud) },
      readings: { loss, ...found, ...latest },
    }
    cloud = next
  }
}
