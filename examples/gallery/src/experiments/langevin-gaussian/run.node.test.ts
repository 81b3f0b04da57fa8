import { moments } from '@monge-examples/langevin-gaussian/sampling'
import { lawAfter } from '@monge-examples/langevin-gaussian/theory'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('Langevin on a Gaussian', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  describe.each(['ULA', 'MALA', 'BAOAB'])('by %s', (sampler) => {
    runLaws(run, settingsOf(page, { sampler, particles: 20, steps: 12, pace: 3, step: 0.2 }), () => backend)
  })

  test('reads what the story tells, at every step that is shown', async () => {
    const setting = { particles: 100, steps: 60, step: 0.05, seed: 3 }
    const frames = await framesOf(run, settingsOf(page, { ...setting, pace: 20 }), backend)
    const told = [...moments(backend, setting)]
    expect(frames.map(({ step }) => step)).toEqual([0, 20, 40, 60])
    for (const { step, readings, clouds } of frames) {
      const moment = told[step]
      expect(readings).toMatchObject({ distance: moment?.distance, mean1: moment?.mean[0] })
      expect(clouds['particles']?.points).toEqual(Float32Array.from(moment?.cloud.data ?? []))
    }
  })

  test.each(['ULA', 'MALA', 'BAOAB'] as const)('comes to what theory says of %s, as far as 4000 particles tell', async (sampler) => {
    const settings = settingsOf(page, { sampler, particles: 4000, steps: 120, pace: 40, step: 0.1, seed: 1 })
    for (const { step, readings } of (await framesOf(run, settings, backend)).slice(1)) {
      const { mean, variance } = lawAfter(0.1, step, sampler)
      // Five standard errors, and for MALA what refusals delay.
      const late = sampler === 'MALA' ? 0.15 * Math.exp(-0.1 * step) * 40 : 0
      expect(Math.abs((readings['mean1'] ?? 0) - (mean[0] ?? 0))).toBeLessThan(5 * Math.sqrt(variance / 4000) + late)
      expect(Math.abs((readings['variance'] ?? 0) - variance)).toBeLessThan(5 * variance * Math.sqrt(1 / 4000) + late)
    }
  })

  test('is drawn in any size', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { particles: 30, steps: 10 }), backend, 1)
    if (frame === undefined) throw new Error('there is no frame')
    for (const size of [{ width: 900, height: 500 }, { width: 348, height: 300 }]) expect(page.draw(frame, {}, size)).toMatchObject(size)
  })
})
