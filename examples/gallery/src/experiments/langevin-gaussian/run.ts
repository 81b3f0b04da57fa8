import { distanceToDraws, perfect } from '@monge-examples/langevin-gaussian/draws'
import { moments } from '@monge-examples/langevin-gaussian/sampling'
import type { Moment, Setting } from '@monge-examples/langevin-gaussian/sampling'
import { samplerNames } from '@monge-examples/langevin-gaussian/theory'
import { requireOneOf } from '@monge/errors'
import type { Frame, Run, Settings } from '../../experiment.js'

const shownDraws = 400
const mostForTransport = 200

const settingOf = (settings: Settings): Setting => ({
  particles: Number(settings['particles']),
  steps: Number(settings['steps']),
  step: Number(settings['step']),
  seed: Number(settings['seed']),
  every: Number(settings['pace']),
  sampler: requireOneOf(samplerNames)('sampler', settings['sampler']),
})

const readingsOf = ({ mean, covariance, distance, theory, acceptance }: Moment): Frame['readings'] => ({
  mean1: mean[0] ?? Number.NaN,
  mean1Theory: theory.mean[0] ?? Number.NaN,
  mean2: mean[1] ?? Number.NaN,
  mean2Theory: theory.mean[1] ?? Number.NaN,
  variance: ((covariance[0]?.[0] ?? 0) + (covariance[1]?.[1] ?? 0)) / 2,
  varianceTheory: theory.variance,
  covariance: covariance[0]?.[1] ?? Number.NaN,
  distance,
  distanceTheory: theory.distance,
  ...(acceptance === undefined ? {} : { acceptance }),
})

export const run: Run = async function* (settings, { backend, signal }) {
  const setting = settingOf(settings)
  const { particles, seed } = setting
  const draws = { points: Float32Array.from(perfect(shownDraws, seed).data), dimension: 2 }
  for (const moment of moments(backend, setting)) {
    if (signal.aborted) return
    const { iteration, cloud } = moment
    const exact = particles > mostForTransport ? {} : { exact: distanceToDraws(cloud, 4 * particles, seed) }
    yield {
      step: iteration,
      clouds: { particles: { points: Float32Array.from(cloud.data), dimension: 2 }, draws },
      readings: { ...readingsOf(moment), ...exact },
    }
  }
}
