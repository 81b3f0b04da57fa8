import { descend } from '@monge-examples/sliced-flow/descend'
import { cross, heart } from '@monge-examples/sliced-flow/forms'
import { barycenterPulls, noiseOf, rateOf } from '@monge-examples/sliced-flow/pulls'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { emdSamples } from '@monge/exact'
import { beforeAll, describe, expect, test } from 'vitest'
import { rowsOf } from '../../drawing.js'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('a sliced barycenter', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { shapes: 'own', points: 20, count: 15, steps: 4 }), () => backend)

  test('has the losses of the story, and the distances of the package', async () => {
    const frames = await framesOf(run, settingsOf(page, { steps: 5, seed: 1 }), backend)
    const start = noiseOf(500, 1)
    const pulls = barycenterPulls({ backend, seed: 1, directions: 50 }, [heart.points, cross.points])
    const { losses } = descend(backend, start, 5, pulls, () => rateOf(start))
    expect(frames.slice(0, 5).map(({ readings }) => readings['loss'])).toEqual(losses)
    const { clouds, readings } = frames[5]
    const direct = emdSamples({ x: rowsOf(clouds['cloud'].points), y: rowsOf(clouds['other'].points), p: 2 })
    expect(readings['toOther']).toBeCloseTo(direct.distance, 4)
    expect(readings['loss']).toBeLessThan(losses[0])
  })

  test('comes nearer to the shape of the larger share', async () => {
    const ends = await Promise.all(
      [0, 1].map(async (share) => (await framesOf(run, settingsOf(page, { shapes: 'own', points: 60, count: 60, steps: 40, share }), backend)).at(-1)),
    )
    const [first, second] = ends.map((end) => end?.readings ?? {})
    expect(first['toOne']).toBeLessThan(second['toOne'])
    expect(second['toOther']).toBeLessThan(first['toOther'])
  })

  test('is drawn no wider than it is told', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { steps: 10 }), backend, 1)
    for (const size of [{ width: 900, height: 500 }, { width: 340, height: 300 }])
      expect(page.draw(frame, {}, size).width).toBeLessThanOrEqual(size.width)
  })
})
