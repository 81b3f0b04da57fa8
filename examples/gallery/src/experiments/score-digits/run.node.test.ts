import { unpack } from '@monge-examples/score-digits/parameters'
import { diffuse, sample } from '@monge-examples/score-digits/samples'
import { packed } from '@monge-examples/score-digits/score'
import type { Backend } from '@monge/backend'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import type { Extra } from './extra.js'
import { page } from './page.js'
import { run } from './run.js'
import { ways } from './ways.js'

describe('digits out of noise', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  describe.each(ways)('by %s', (sampler) => {
    runLaws(run, settingsOf(page, { sampler, pictures: 4, levels: 5 }), () => backend)
  })

  test('the model is small enough to be part of a page', () => {
    expect(packed.length).toBeLessThan(500_000)
  })

  test('makes the pictures that the story makes of the same model: ink on paper, most of it paper', async () => {
    const end = (await framesOf(run, settingsOf(page, { pictures: 5, levels: 20, seed: 4 }), backend)).at(-1)
    const { score, dispose } = unpack(packed)(backend)
    const { pictures } = sample(diffuse(score, '', 20), 5, 4)
    dispose()
    if (end === undefined) throw new Error('there is no end')
    const { noisy, guessed } = end.extra as Extra
    expect(noisy).toEqual(new Uint8Array(Uint8ClampedArray.from(pictures.flatMap((picture) => Array.from(picture, (ink) => 127.5 * (ink + 1))))))
    expect(guessed).toEqual(noisy)
    // Of MNIST's pixels, 13 % are ink.
    expect(end.readings['ink']).toBeGreaterThan(0.05)
    expect(end.readings['ink']).toBeLessThan(0.25)
    const grey = pictures.flatMap((picture) => Array.from(picture)).filter((ink) => Math.abs(ink) < 0.5).length
    expect(grey / (5 * 784)).toBeLessThan(0.2)
  })

  test('is drawn in any width', async () => {
    const [frame] = await framesOf(run, settingsOf(page, { pictures: 4, levels: 5 }), backend, 1)
    if (frame === undefined) throw new Error('there is no frame')
    for (const size of [{ width: 900, height: 640 }, { width: 348, height: 300 }])
      expect(page.draw(frame, {}, size)).toMatchObject({ width: size.width })
  })
})
