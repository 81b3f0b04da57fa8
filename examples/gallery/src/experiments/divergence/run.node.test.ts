import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'
import type { Frame } from '../../experiment.js'

const spread = (frame: Frame | undefined, name: string): number => {
  const points = frame?.clouds[name]?.points ?? new Float32Array(0)
  const mean = (from: number): number =>
    (2 * points.reduce((sum, value, index) => sum + (index % 2 === from ? value : 0), 0)) / points.length
  const [x, y] = [mean(0), mean(1)]
  return Math.sqrt((2 * points.reduce((sum, value, index) => sum + (value - (index % 2 === 0 ? x : y)) ** 2, 0)) / points.length)
}

describe('blur, reach and debiasing', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { points: 20, steps: 3 }), () => backend)

  test.each(['blur', 'reach'])('are drawn in any width: %s', async (compare) => {
    const settings = settingsOf(page, { points: 20, steps: 2, compare })
    const [frame] = await framesOf(run, settings, backend, 1)
    for (const width of [300, 340, 900])
      expect(frame && page.draw(frame, settings, { width, height: 400 }).width).toBeLessThanOrEqual(width)
  })

  test('shrink the plain flow under a large blur, and let the debiased one arrive', async () => {
    const frames = await framesOf(run, settingsOf(page, { points: 40, steps: 40, from: 'square', to: 'ring' }), backend)
    const end = frames.at(-1)
    const target = spread(end, 'target')
    expect(spread(end, 'flow0')).toBeLessThan(0.5 * target)
    expect(Math.abs(spread(end, 'flow3') - target) / target).toBeLessThan(0.1)
  })
})
