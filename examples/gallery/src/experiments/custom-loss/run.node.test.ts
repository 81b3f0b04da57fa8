import { lessonOf } from '@monge-examples/custom-loss/lesson'
import { lossesOf } from '@monge-examples/custom-loss/losses'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { disposeState, last } from '@monge/generators'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('a loss of parts', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { batch: 16, steps: 6, stepsPerFrame: 2, resamples: 2 }), () => backend)

  test('has the losses of the story, and its verdicts', async () => {
    const settings = settingsOf(page, { batch: 32, steps: 4, stepsPerFrame: 1, seed: 2, resamples: 2 })
    const frames = await framesOf(run, settings, backend)
    const { fitting, start, shown, report } = lessonOf({ loss: lossesOf(2, backend).custom, steps: 4, batch: 32, seed: 2, backend })
    const end = last(fitting, start, { steps: 4 })
    const after = report(shown(end.params), 2)
    disposeState(end)
    expect(frames.map(({ readings }) => readings['loss'])).toEqual(end.history)
    expect(frames.map(({ readings }) => readings['judgedAt'])).toEqual([undefined, 0, 0, 0, 4])
    expect(frames.at(-1)?.readings).toMatchObject({
      pValue: after.test.pValue,
      divergence: after.divergence.value,
      low: after.divergence.low,
      coverage: after.neighbours.coverage,
    })
  })

  test.each([
    ['sliced', { features: 0, narrow: 0 }],
    ['features', { sliced: 0, narrow: 0 }],
  ] as const)('has the losses of one part alone: %s', async (name, weights) => {
    const settings = settingsOf(page, { ...weights, batch: 32, steps: 3, stepsPerFrame: 1, seed: 2, resamples: 2 })
    const frames = await framesOf(run, settings, backend)
    const { fitting, start } = lessonOf({ loss: lossesOf(2, backend)[name], steps: 3, batch: 32, seed: 2, backend })
    const end = last(fitting, start, { steps: 3 })
    disposeState(end)
    expect(frames.map(({ readings }) => readings['loss'])).toEqual(end.history)
  })

  test('of no parts is refused', async () => {
    const settings = settingsOf(page, { sliced: 0, features: 0, narrow: 0 })
    await expect(framesOf(run, settings, backend)).rejects.toThrow('all weights are 0')
  })

  test('is drawn no wider than it is told', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { batch: 16, steps: 50, resamples: 2 }), backend, 1)
    for (const size of [{ width: 900, height: 500 }, { width: 340, height: 300 }])
      expect(page.draw(frame, {}, size).width).toBeLessThanOrEqual(size.width)
  })
})
