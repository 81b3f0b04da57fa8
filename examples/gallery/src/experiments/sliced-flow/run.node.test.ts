import { descend } from '@monge-examples/sliced-flow/descend'
import { cross, heart } from '@monge-examples/sliced-flow/forms'
import { flowPulls, flowRate, moved } from '@monge-examples/sliced-flow/pulls'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { toNumber } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { fold, key } from '@monge/random'
import { slicedWasserstein } from '@monge/sliced'
import { beforeAll, describe, expect, test } from 'vitest'
import { rowsOf } from '../../drawing.js'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('a sliced flow', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { shapes: 'own', points: 20, steps: 4, measureEvery: 3 }), () => backend)

  test('has the losses of the story, and at its end the loss of the package', async () => {
    const frames = await framesOf(run, settingsOf(page, { steps: 6, seed: 2, measureEvery: 4 }), backend)
    const there = moved(heart.points)
    const pulls = flowPulls({ backend, seed: 2, directions: 20 }, there)
    const { losses } = descend(backend, cross.points, 6, pulls, flowRate(cross.points))
    expect(frames.slice(0, 6).map(({ readings }) => readings['loss'])).toEqual(losses)
    const end = frames[6]
    const [mu, nu] = [rowsOf(end.clouds['cloud'].points), there].map((rows) => measureOrThrow(fromArrays(rows, undefined, backend)))
    const loss = slicedWasserstein({ p: 2, key: fold(6)(fold(0)(key(2))), count: 20 })(backend)
    expect(end.readings['loss']).toBeCloseTo(toNumber(loss)(mu, nu), 5)
    disposeMeasure(mu)
    disposeMeasure(nu)
    expect(end.readings['toOther']).toBeLessThan(0.8 * frames[0].readings['toOther'])
    expect(frames.map(({ readings }) => 'toOther' in readings)).toEqual([true, false, false, false, true, false, true])
    expect(frames[5].readings['latestToOther']).toBe(frames[4].readings['toOther'])
  })

  test('is drawn as wide as it is told', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { steps: 10 }), backend, 1)
    for (const size of [{ width: 900, height: 500 }, { width: 340, height: 300 }])
      expect(page.draw(frame, {}, size)).toMatchObject({ width: size.width })
  })
})
