import { discrepancyOf } from '@monge-examples/posterior/chains'
import { irises } from '@monge-examples/posterior/irises'
import { laplace } from '@monge-examples/posterior/laplace'
import { chanceOf, plans, samplerNames, startOf } from '@monge-examples/posterior/plans'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { draw, logisticRegression, summary } from '@monge/langevin'
import { disposeMeasure } from '@monge/measures'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('a posterior', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  describe.each(samplerNames)('by %s', (sampler) => {
    runLaws(run, settingsOf(page, { sampler, chains: 2, draws: 40, pace: 10 }), () => backend)
  })

  test.each(samplerNames)('ends with the summary of the story, by %s', async (sampler) => {
    const effort = { chains: 3, draws: 60, seed: 1 }
    const end = (await framesOf(run, settingsOf(page, { ...effort, sampler, pace: 20 }), backend)).at(-1)
    const { learn } = irises()
    const posterior = logisticRegression({ ...learn, priorVariance: 25 })(backend)
    const around = laplace(posterior, learn, 25)
    const { burnIn, thin, sampler: steps } = plans(posterior, around, effort.draws)[sampler]()
    const start = startOf(backend, around, effort)
    const draws = draw(steps, chanceOf(effort), start, { steps: burnIn + effort.draws * thin, burnIn, thin })
    disposeMeasure(start)
    const coefficients = summary()(draws)
    expect(end?.readings).toMatchObject({
      petalMean: coefficients[3]?.mean,
      rHat: Math.max(...coefficients.map(({ rHat }) => rHat)),
      stein: discrepancyOf(backend, posterior, around, draws),
    })
  })

  test('is drawn in any width', async () => {
    const frames = await framesOf(run, settingsOf(page, { chains: 2, draws: 40, pace: 20 }), backend)
    for (const frame of frames)
      for (const size of [{ width: 900, height: 640 }, { width: 348, height: 300 }])
        expect(page.draw(frame, {}, size)).toMatchObject({ width: size.width })
  })
})
