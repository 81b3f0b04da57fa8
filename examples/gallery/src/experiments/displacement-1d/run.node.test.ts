import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { normalLaw, wasserstein1d, wassersteinLaws } from '@monge/exact'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('displacement on the line', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { points: 20 }), () => backend)

  test('goes from one law to the other at constant speed, and tells the distances of the package', async () => {
    const frames = await framesOf(run, settingsOf(page, { points: 60, fromMean: 1, toDeviation: 0.5 }), backend)
    const exact = wassersteinLaws({ from: normalLaw(1, 1), to: normalLaw(5, 0.5), p: 2 })
    const [first, last] = [frames[0], frames.at(-1)]
    const particles = (frame: typeof first | undefined): readonly number[] => [...(frame?.clouds['particles'].points ?? [])]
    const whole = wasserstein1d({ x: particles(first), y: particles(last), p: 2 }).distance
    expect(last?.readings['whole']).toBe(exact.distance)
    expect(last?.readings['share']).toBe(exact.distance)
    expect(last?.readings['gone']).toBeCloseTo(whole, 6)
    for (const { readings } of frames) expect(readings['gone']).toBeCloseTo(readings['t'] * whole, 6)
  })

  test('is drawn as wide as it is told', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { points: 20 }), backend, 1)
    for (const size of [{ width: 900, height: 500 }, { width: 340, height: 300 }])
      expect(page.draw(frame, {}, size)).toMatchObject({ width: size.width })
  })
})
