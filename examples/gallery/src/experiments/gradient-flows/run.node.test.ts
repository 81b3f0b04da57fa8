import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('gradient flows', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  const few = { points: 20, steps: 4 }

  runLaws(run, settingsOf(page, few), () => backend)

  test.each(['sinkhorn', 'energy', 'gaussian', 'laplacian', 'hausdorff'])('lead downhill on any loss: %s', async (loss) => {
    const frames = await framesOf(run, settingsOf(page, { ...few, loss, blur: 0.2 }), backend)
    const losses = frames.map(({ readings }) => readings['loss'] ?? NaN)
    expect(losses).toEqual(losses.toSorted((one, other) => other - one))
    expect(losses.at(-1)).toBeLessThan(losses[0] ?? 0)
  })

  test.each(['sinkhorn', 'energy'])('are drawn in any size: %s', async (loss) => {
    const settings = settingsOf(page, { ...few, loss })
    const [frame] = await framesOf(run, settings, backend, 1)
    for (const width of [300, 340, 900])
      expect(frame && page.draw(frame, settings, { width, height: 400 }).width).toBeLessThanOrEqual(width)
  })

  test('hold on to what is farther than their reach', async () => {
    const ends = async (reach: number): Promise<number> => {
      const frames = await framesOf(run, settingsOf(page, { points: 30, steps: 20, reach, from: 'disc', to: 'four-gaussians' }), backend)
      const [start, end] = [frames[0]?.clouds['flow']?.points ?? [], frames.at(-1)?.clouds['flow']?.points ?? []]
      return Math.hypot(...Array.from(end, (value, index) => value - (start[index] ?? 0)))
    }
    expect(await ends(0.05)).toBeLessThan(0.5 * (await ends(2)))
  })
})
