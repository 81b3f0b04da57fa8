import { run } from '@monge/generators'
import { toNumber } from '@monge/losses'
import { disposeMeasure } from '@monge/measures'
import { measureOf } from './data.js'
import type { Cloud } from './data.js'
import { lossOf } from './forms.js'
import { lessonOf } from './lesson.js'
import type { Training } from './lesson.js'
import { forms } from './words.js'
import type { Form } from './words.js'

/** What came of a training. */
export interface Run {
  /** The loss of every step, on its own draw of noise and data. */
  readonly losses: readonly number[]
  /** The same noise through the network as it learns. */
  readonly snapshots: readonly { readonly step: number; readonly points: Cloud }[]
  readonly heldOut: Cloud
  /** 1000 samples at the end. */
  readonly fresh: Cloud
  /** All forms of the loss between a batch of them and one of held-out data. */
  readonly values: Readonly<Record<Form, number>>
  /** Milliseconds that a step took. */
  readonly milliseconds: number
}

/** Trains the network to the end. */
export const train = (training: Training): Run => {
  const { steps } = training
  const lesson = lessonOf(training)
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; points: Cloud }[] = []
  let fresh: Cloud = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(lesson.fitting, lesson.start, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps) snapshots.push({ step: iteration, points: lesson.shown(params, 200) })
    if (iteration === steps) fresh = lesson.fresh(params, 1000)
    resumed = performance.now()
  }
  const { heldOut } = lesson
  return { losses, snapshots, heldOut, fresh, values: valuesOf(fresh, heldOut, training), milliseconds: spent / (steps + 1) }
}

const valuesOf = (fresh: Cloud, heldOut: Cloud, { batch, epsilon, backend }: Training): Readonly<Record<Form, number>> => {
  const [mu, nu] = [measureOf(fresh.slice(0, batch), backend), measureOf(heldOut.slice(0, batch), backend)]
  const value = (form: Form): number => toNumber(lossOf(form, epsilon, backend))(mu, nu)
  const [transport = 0, primal = 0, dual = 0, debiased = 0] = forms.map(value)
  disposeMeasure(mu)
  disposeMeasure(nu)
  return { transport, primal, dual, debiased }
}
