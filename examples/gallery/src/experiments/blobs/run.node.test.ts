import { train } from '@monge-examples/blobs/train'
import { forms } from '@monge-examples/blobs/words'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import '@tensorflow/tfjs-backend-wasm'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import { page } from './page.js'
import { run } from './run.js'

describe('the training of two blobs', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1, tensors: 'wasm' })
  })

  runLaws(run, settingsOf(page, { batch: 16, steps: 6, stepsPerFrame: 2 }), () => backend)

  test('has the losses of the story by every form, side by side or alone', async () => {
    const settings = settingsOf(page, { batch: 32, steps: 4, seed: 2 })
    const together = await framesOf(run, settings, backend)
    for (const form of forms) {
      const { losses } = train({ form, steps: 4, batch: 32, epsilon: 0.1, seed: 2, backend })
      expect(together.map(({ readings }) => readings[form])).toEqual(losses)
      const alone = await framesOf(run, { ...settings, form }, backend)
      expect(alone.map(({ readings }) => readings[form])).toEqual(losses)
    }
  })

  test.each(['all', 'dual'])('is drawn in any size: %s', async (form) => {
    const settings = settingsOf(page, { form, batch: 16, steps: 1 })
    const [frame] = await framesOf(run, settings, backend, 1)
    for (const size of [{ width: 640, height: 560 }, { width: 340, height: 400 }])
      expect(page.draw(frame, settings, size)).toMatchObject(size)
  })
})
