import { train } from '@monge-examples/digits/train'
import { handwriting } from '@monge-tooling/handwriting'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('the training of a digit', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1, tensors: 'wasm' })
  })

  runLaws(run, settingsOf(page, { batch: 8, steps: 4, stepsPerFrame: 2 }), () => backend)

  test('has the losses of the story, and its verdicts', async () => {
    const frames = await framesOf(run, settingsOf(page, { digit: '7', batch: 8, steps: 3, seed: 5 }), backend)
    const ink = await handwriting(7)
    const { losses, before, after, real } = train({ handwriting: ink, batch: 8, blur: 3, seed: 5, place: backend, backend }, 3)
    expect(frames.map(({ readings }) => readings['loss'])).toEqual(losses)
    expect(frames[0].readings['judged']).toBeUndefined()
    expect(frames[1].readings).toMatchObject({ judged: before, real })
    expect(frames.at(-1)?.readings).toMatchObject({ judged: after, real })
  })

  test('is drawn in any size', async () => {
    const settings = settingsOf(page, { batch: 8, steps: 1 })
    const [frame] = await framesOf(run, settings, backend, 1)
    for (const size of [{ width: 640, height: 460 }, { width: 340, height: 400 }])
      expect(page.draw(frame, settings, size)).toMatchObject(size)
  })
})
