import { lessonOf } from '@monge-examples/custom-loss/lesson'
import { parts, partsOf, weighed } from '@monge-examples/custom-loss/losses'
import { fromArrays, disposeMeasure, measureOrThrow } from '@monge/measures'
import { toNumber } from '@monge/losses'
import { course } from '../../course.js'
import { cloudOfRows } from '../../drawing.js'
import type { Rows } from '../../drawing.js'
import type { Run } from '../../experiment.js'

export const run: Run = async function* (settings, { backend, signal }) {
  if (signal.aborted) return
  const number = (name: string): number => Number(settings[name])
  const own = partsOf(number('seed'), backend, number('width'))
  const training = {
    loss: weighed({ sliced: number('sliced'), features: number('features'), narrow: number('narrow') })(own),
    steps: number('steps'),
    batch: number('batch'),
    seed: number('seed'),
    backend,
  }
  const lesson = lessonOf(training)
  const heldOut = cloudOfRows(lesson.heldOut)
  const values = (samples: Rows): Readonly<Record<string, number>> => {
    const [mu, nu] = [samples, lesson.heldOut].map((points) => measureOrThrow(fromArrays(points, undefined, backend)))
    const found = parts.map((part) => [`of-${part}`, toNumber(own[part])(mu, nu)] as const)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return Object.fromEntries(found)
  }
  let judged: Readonly<Record<string, number>> = {}
  const how = { steps: training.steps, stepsPerFrame: number('stepsPerFrame'), signal }
  let due = 0
  for await (const { state, mean } of course(lesson.fitting, lesson.start, how)) {
    const { iteration, value, params } = state
    const samples = lesson.shown(params)
    const isJudged = iteration >= due || iteration === training.steps
    if (isJudged) {
      const { test, divergence, sliced, neighbours } = lesson.report(samples, number('resamples'))
      due = iteration + number('judgeEvery')
      judged = {
        judgedAt: iteration,
        pValue: test.pValue,
        divergence: divergence.value,
        low: divergence.low,
        high: divergence.high,
        distance: sliced,
        precision: neighbours.precision,
        recall: neighbours.recall,
        density: neighbours.density,
        coverage: neighbours.coverage,
      }
    }
    yield {
      step: iteration,
      clouds: { heldOut, samples: cloudOfRows(samples) },
      readings: { loss: value, mean, ...values(samples), ...judged, ...(isJudged ? { divergenceThen: judged['divergence'] } : {}) },
    }
  }
}
