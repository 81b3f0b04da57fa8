import { diagnose, steinOf, track } from '@monge-examples/langevin-targets/samplers'
import { targets } from '@monge-examples/langevin-targets/targets'
import { samplerNames, targetNames } from '@monge-examples/langevin-targets/words'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('Langevin on other targets', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  describe.each(targetNames)('%s', (target) => {
    runLaws(run, settingsOf(page, { target, particles: 10, steps: 20, pace: 4 }), () => backend)
  })

  test('ends with the diagnostics of the story', async () => {
    const setting = { particles: 40, steps: 60, seed: 2 }
    const end = (await framesOf(run, settingsOf(page, { ...setting, target: 'ring', pace: 20 }), backend)).at(-1)
    const ring = targets[2]
    if (ring === undefined || end === undefined) throw new Error('there is no ring')
    const potential = ring.potential(backend)
    for (const name of samplerNames) {
      const tracked = [...track(backend, ring, potential, setting, name)]
      const last = tracked.at(-1)?.points ?? []
      expect(end.clouds[name]?.points).toEqual(Float32Array.from(last))
      expect(end.readings[`stein ${name}`]).toBe(steinOf(backend, potential, Float32Array.from(last)))
      if (name === 'SVGD') continue
      const { rHat, effective } = diagnose(tracked.slice(30))
      expect(end.readings).toMatchObject({ [`rHat ${name}`]: rHat, [`effective ${name}`]: effective })
    }
    expect(end.readings['acceptance']).toBeGreaterThan(0.3)
  })

  test('is drawn in any size', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { particles: 10, steps: 20 }), backend, 1)
    if (frame === undefined) throw new Error('there is no frame')
    for (const size of [{ width: 1200, height: 500 }, { width: 900, height: 640 }, { width: 348, height: 300 }]) expect(page.draw(frame, {}, size)).toMatchObject(size)
  })
})
