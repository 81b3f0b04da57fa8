import { run } from '@monge/generators'
import type { Pictures } from '@monge-tooling/handwriting'
import { lessonOf } from './lesson.js'
import type { Training } from './lesson.js'

/** What came of a training. */
export interface Run {
  readonly losses: readonly number[]
  /** The same noise through the network as it learns. */
  readonly snapshots: readonly { readonly step: number; readonly pictures: Pictures }[]
  /** Fresh pictures at the end. */
  readonly fresh: Pictures
  /** Sinkhorn divergences to held-out pictures: before training, after it, and of as many pictures to learn from. */
  readonly before: number
  readonly after: number
  readonly real: number
  /** Milliseconds that a step took. */
  readonly milliseconds: number
}

/** Trains the network for so many steps. */
export const train = (training: Training, steps: number): Run => {
  const lesson = lessonOf(training)
  const stride = Math.max(1, Math.ceil(steps / 24))
  const losses: number[] = []
  const snapshots: { step: number; pictures: Pictures }[] = []
  const samples: Pictures[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(lesson.fitting, lesson.start, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps) snapshots.push({ step: iteration, pictures: lesson.shown(params, 64) })
    if (iteration === 0 || iteration === steps) samples.push(lesson.fresh(params))
    resumed = performance.now()
  }
  const [untrained = [], fresh = untrained] = samples
  return {
    losses,
    snapshots,
    fresh,
    before: lesson.toHeldOut(untrained),
    after: lesson.toHeldOut(fresh),
    real: lesson.toHeldOut(lesson.known),
    milliseconds: spent / (steps + 1),
  }
}
