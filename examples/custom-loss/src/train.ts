import { run } from '@monge/generators'
import type { TwoSampleReport } from '@monge/generators'
import type { Backend } from '@monge/backend'
import type { Cloud } from './data.js'
import { lessonOf } from './lesson.js'
import { lossesOf } from './losses.js'
import type { Name } from './losses.js'

/** What to train. */
export interface Training {
  readonly name: Name
  readonly steps: number
  readonly batch: number
  readonly seed: number
  readonly backend: Backend
}

/** What came of it. */
export interface Run {
  readonly losses: readonly number[]
  readonly snapshots: readonly { readonly step: number; readonly points: Cloud }[]
  readonly heldOut: Cloud
  /** Fresh samples and held-out data compared, before training and after it. */
  readonly before: TwoSampleReport
  readonly after: TwoSampleReport
  readonly milliseconds: number
}

/** Trains the network to the end by one of the losses. */
export const train = ({ name, ...training }: Training): Run => {
  const { steps, seed, backend } = training
  const lesson = lessonOf({ ...training, loss: lossesOf(seed, backend)[name] })
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; points: Cloud }[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(lesson.fitting, lesson.start, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps) snapshots.push({ step: iteration, points: lesson.shown(params) })
    resumed = performance.now()
  }
  return {
    losses,
    snapshots,
    heldOut: lesson.heldOut,
    before: lesson.report(snapshots[0]?.points ?? []),
    after: lesson.report(snapshots.at(-1)?.points ?? []),
    milliseconds: spent / (steps + 1),
  }
}
