import { ways } from '@monge-examples/generative-fit/losses'
import { train } from '@monge-examples/generative-fit/train'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('a fit of a mixture', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  runLaws(run, settingsOf(page, { points: 30, steps: 6, stepsPerFrame: 2 }), () => backend)

  test.each(['energy', 'likelihood', 'debiased'])('by %s has the losses of the story', async (loss) => {
    const frames = await framesOf(run, settingsOf(page, { loss, points: 40, steps: 5, seed: 3, seen: false }), backend)
    const way = ways.find(({ name }) => name === loss) ?? ways[0]
    const backends = { plain: backend, log: backend }
    const { losses } = train({ way, recipe: way.recipe, steps: 5, points: 40, seed: 3, backends }, 1)
    expect(frames.map(({ readings }) => readings['loss'])).toEqual(losses)
  })

  test.each(page.controls.flatMap((control) => (control.name === 'loss' && control.kind === 'choice' ? control.options : [])))(
    'by $label is drawn',
    async ({ value: loss }) => {
      const settings = settingsOf(page, { loss, points: 20, steps: 2 })
      const frames = await framesOf(run, settings, backend)
      const [wide, narrow] = [{ width: 640, height: 560 }, { width: 340, height: 400 }]
      for (const frame of frames)
        for (const size of [wide, narrow]) expect(page.draw(frame, settings, size)).toMatchObject(size)
    },
  )
})
