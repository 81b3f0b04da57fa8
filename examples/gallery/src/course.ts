import { runAsync } from '@monge/generators'
import type { Fit, FitState, Params } from '@monge/generators'
import type { Key } from '@monge/random'

/** How far a training goes, and how often it is shown. */
export interface Course {
  readonly steps: number
  readonly stepsPerFrame: number
  readonly signal: AbortSignal
}

/** A state of a training that is shown; its tensors live until the next is asked for. */
export interface Moment<P extends Params> {
  readonly state: FitState<P>
  /** The mean of the losses of the last steps, twenty at most. */
  readonly mean: number
}

const window = 20

/** The states of a training that are shown, the first and the last among them; none any more when the visitor leaves. */
export async function* course<P extends Params>(
  fitting: Fit<P>,
  start: Key,
  { steps, stepsPerFrame, signal }: Course,
): AsyncGenerator<Moment<P>, void> {
  if (signal.aborted) return
  const losses: number[] = []
  // Gives way between steps, or no word of the visitor's leaving would come through.
  for await (const state of runAsync(fitting, start, { steps })) {
    if (signal.aborted) return
    losses.push(state.value)
    if (losses.length > window) losses.shift()
    if (state.iteration % stepsPerFrame === 0 || state.iteration === steps)
      yield { state, mean: losses.reduce((sum, loss) => sum + loss, 0) / losses.length }
  }
}

/** Several trainings, a moment of each at a time, until the first of them has ended. */
export async function* sideBySide<P extends Params>(
  courses: readonly AsyncGenerator<Moment<P>, void>[],
): AsyncGenerator<readonly Moment<P>[], void> {
  try {
    for (;;) {
      const moments: Moment<P>[] = []
      for (const one of courses) {
        const { done, value } = await one.next()
        if (done === true) return
        moments.push(value)
      }
      yield moments
    }
  } finally {
    for (const one of courses) await one.return()
  }
}
