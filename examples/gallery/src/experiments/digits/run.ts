import { lessonOf } from '@monge-examples/digits/lesson'
import { handwriting, size } from '@monge-tooling/handwriting'
import type { Pictures } from '@monge-tooling/handwriting'
import { course } from '../../course.js'
import type { Cloud, Frame, Run } from '../../experiment.js'

/** Pictures as points in 784 dimensions. */
const cloud = (pictures: Pictures): Cloud => {
  const points = new Float32Array(pictures.length * size)
  pictures.forEach((picture, index) => points.set(picture, index * size))
  return { points, dimension: size }
}

const count = 48

export const run: Run = async function* (settings, { backend, signal }) {
  const { digit, batch, blur, steps, stepsPerFrame, judgeEvery, seed } = settings
  const ink = await handwriting(Number(digit))
  if (signal.aborted) return
  const lesson = lessonOf({
    handwriting: ink,
    batch: Number(batch),
    blur: Number(blur),
    seed: Number(seed),
    place: backend,
    backend,
  })
  const heldOut = cloud(ink.heldOut.slice(0, count))
  const judge = (pictures: Pictures, real = lesson.toHeldOut(lesson.known)): Frame['readings'] => ({
    judged: lesson.toHeldOut(pictures),
    real,
  })
  let judged: Frame['readings'] = {}
  let waiting: Pictures | undefined
  let due = 0
  const how = { steps: Number(steps), stepsPerFrame: Number(stepsPerFrame), signal }
  for await (const { state, mean } of course(lesson.fitting, lesson.start, how)) {
    const { iteration, value, params } = state
    // To judge takes longer than a step: what there is to see is shown before, and judged with the next.
    const isLast = iteration === how.steps
    const pictures = isLast || iteration >= due ? lesson.fresh(params) : undefined
    const ripe = isLast ? pictures : waiting
    if (ripe !== undefined) judged = judge(ripe, judged['real'])
    if (pictures !== undefined) due = iteration + Number(judgeEvery)
    waiting = pictures
    yield {
      step: iteration,
      clouds: { made: cloud(lesson.shown(params, count)), heldOut },
      readings: { loss: value, mean, ...judged },
    }
  }
}
