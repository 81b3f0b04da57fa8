import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { emdSamples } from '@monge/exact'
import { beforeAll, describe, expect, test } from 'vitest'
import { rowsOf } from '../../drawing.js'
import type { Frame } from '../../experiment.js'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

const rowsIn = ({ clouds }: Frame, name: string) => rowsOf(clouds[name].points)

describe('displacement in the plane', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { points: 12 }), () => backend)

  test.each(['gaussians', 'own'])('is a geodesic along the exact map, and no more than that along the other: %s', async (shapes) => {
    const frames = await framesOf(run, settingsOf(page, { shapes, points: 25, seed: 3 }), backend)
    const [first, last] = [frames[0], frames[frames.length - 1]]
    const direct = emdSamples({ x: rowsIn(first, 'from'), y: rowsIn(first, 'to'), p: 2 })
    expect(last.readings['exactCost']).toBeCloseTo(direct.cost, 4)
    expect(last.readings['exactGone']).toBeCloseTo(direct.distance, 5)
    expect(last.readings['sortedGone']).toBeCloseTo(direct.distance, 5)
    for (const { readings } of frames) {
      expect(readings['exactGone']).toBeCloseTo(readings['share'], 8)
      expect(readings['sortedGone']).toBeLessThanOrEqual(readings['t'] * Math.sqrt(readings['sortedCost']) + 1e-9)
      expect(readings['sortedCost']).toBeGreaterThan(readings['exactCost'])
    }
  })

  test('tells no distances of large clouds', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { points: 1001 }), backend, 1)
    expect(Object.keys(frame.readings)).not.toContain('exactGone')
    expect(frame.clouds['exact'].points).toHaveLength(2002)
  })

  test('is drawn as wide as it is told', async () => {
    const settings = settingsOf(page, { points: 12 })
    const [frame] = await framesOf(run, settings, backend, 1)
    for (const size of [{ width: 900, height: 500 }, { width: 340, height: 300 }])
      expect(Math.abs(page.draw(frame, settings, size).width - size.width)).toBeLessThan(2)
  })
})
