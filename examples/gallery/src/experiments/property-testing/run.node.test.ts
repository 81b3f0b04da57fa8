import { findings } from '@monge-examples/property-testing/findings'
import { versions } from '@monge-examples/property-testing/sinkhorn'
import type { Backend } from '@monge/backend'
import { referenceBackend } from '@monge/backend-reference'
import { simdBackend } from '@monge/backend-simd'
import { beforeAll, describe, expect, test } from 'vitest'
import { framesOf, runLaws, settingsOf } from '../../testing/run-laws.js'
import type { Extra } from './extra.js'
import { page } from './page.js'
import { run } from './run.js'

describe('the laws', () => {
  let backend: Backend
  beforeAll(async () => {
    backend = await simdBackend({ threads: 1 })
  })

  const settings = settingsOf(page, { runs: 2 })
  runLaws(run, settings, () => backend)

  test('find what the story finds', async () => {
    const frames = await framesOf(run, settings, backend)
    const { laws, versions: columns, broken } = frames[frames.length - 1].extra as Extra
    const place = await referenceBackend()
    // Fewer runs: the page is to say what the kit says, however often
    const found = versions.map(({ solver }) => findings(solver, place, { numRuns: 2, seed: 1 }))
    expect(broken.map(({ law, what, counterexample }) => ({ law, what, counterexample }))).toEqual(found.flat())
    expect(frames).toHaveLength(1 + laws.length * columns.length)
    columns.forEach(({ name, verdicts }, index) => {
      const own = broken.filter(({ version }) => version === name).map(({ law }) => law)
      expect(verdicts).toEqual(laws.map((law) => (own.includes(law) ? 'broken' : 'held')))
      expect(frames.at(-1)?.readings[`broken${index + 1}`]).toBe(own.length)
    })
  })

  test('are drawn as wide as they are told', async () => {
    const frames = await framesOf(run, settings, backend, 6)
    for (const frame of [frames[0], frames[5]])
      for (const size of [{ width: 900, height: 500 }, { width: 340, height: 300 }])
        expect(page.draw(frame, settings, size)).toMatchObject({ width: size.width })
  })
})
