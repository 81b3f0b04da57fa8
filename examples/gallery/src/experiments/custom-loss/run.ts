import { lessonOf } from '@monge-examples/custom-loss/lesson'
import { parts, partsOf, weighed } from '@monge-examples/custom-loss/losses'
import type { TwoSampleReport } from '@monge/generators'
import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { course } from '../../course.js'
import { cloudOfRows } from '../../drawing.js'
import type { Rows } from '../../drawing.js'
import type { Frame, Run } from '../../experiment.js'

type Readings = Frame['readings']

const readingsOf = (judgedAt: number, { test, divergence, sliced, neighbours }: TwoSampleReport): Readings => ({
  judgedAt,
  pValue: test.pValue,
  divergence: divergence.value,
  low: divergence.low,
  high: divergence.high,
  distance: sliced,
  precision: neighbours.precision,
  recall: neighbours.recall,
  density: neighbours.density,
  coverage: neighbours.coverage,
})

export const run: Run = async function* (settings, { backend, signal }) {
  if (signal.aborted) return
  const number = (name: string): number => Number(settings[name])
  const steps = number('steps')
  const own = partsOf(number('seed'), backend, number('width'))
  const lesson = lessonOf({
    loss: weighed({ sliced: number('sliced'), features: number('features'), narrow: number('narrow') })(own),
    steps,
    batch: number('batch'),
    seed: number('seed'),
    backend,
  })
  const heldOut = cloudOfRows(lesson.heldOut)
  const values = (samples: Rows): Readings => {
    const [mu, nu] = [samples, lesson.heldOut].map((points) => measureOrThrow(fromArrays(points, undefined, backend)))
    const found = parts.map((part): readonly [string, number] => [`of-${part}`, toNumber(own[part])(mu, nu)])
    disposeMeasure(mu)
    disposeMeasure(nu)
    return Object.fromEntries<number>(found)
  }
  let judged: Readings = {}
  let waiting: { readonly at: number; readonly samples: Rows } | undefined
  let due = 0
  const how = { steps, stepsPerFrame: number('stepsPerFrame'), signal }
  for await (const { state, mean } of course(lesson.fitting, lesson.start, how)) {
    const { iteration, value, params } = state
    const samples = lesson.shown(params)
    const told: Readings = { loss: value, mean, ...values(samples) }
    const clouds = { heldOut, samples: cloudOfRows(samples) }
    // No picture waits for its verdict, which comes with the next one.
    const isLast = iteration === steps
    const drawn = isLast || iteration >= due ? { at: iteration, samples } : undefined
    const ripe = isLast ? drawn : waiting
    if (ripe !== undefined) judged = readingsOf(ripe.at, lesson.report(ripe.samples, number('resamples')))
    if (drawn !== undefined) due = iteration + number('judgeEvery')
    waiting = drawn
    const now: Readings = ripe === undefined ? {} : { divergenceThen: judged['divergence'] }
    yield { step: iteration, clouds, readings: { ...told, ...judged, ...now } }
  }
}
