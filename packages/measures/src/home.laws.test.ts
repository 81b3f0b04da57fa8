import { tensorFrom } from '@monge/backend'
import { KernelBackend, dispose, getBackend, registerBackend, setBackend, square } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { atHomeOf, share } from './index.js'

// A backend that can do nothing: whatever is done there fails.
registerBackend('nowhere', () => new KernelBackend())

const entries = fc.array(fc.integer({ min: -64, max: 64 }).map((entry) => entry / 16), { minLength: 1, maxLength: 8 })

const told = (body: () => string): string => {
  try {
    return body()
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

eachBackend('a tensor', (backend) => {
  const vector = (values: readonly number[]): Tensor1D => tensorFrom<Tensor1D>(values, [values.length])
  const places = (): fc.Arbitrary<string> => fc.constantFrom(backend().name, 'nowhere')

  test('is worked on where it lives, wherever tfjs is, and tfjs stays there, though the work may fail', async () => {
    await fc.assert(
      fc.asyncProperty(entries, places(), fc.boolean(), async (values, elsewhere, fails) => {
        const tensor = vector(values)
        await setBackend(elsewhere)
        try {
          let found: readonly number[] = []
          const work = (): string => {
            expect(getBackend()).toBe(backend().name)
            const squares = square(tensor)
            found = Array.from(squares.dataSync())
            squares.dispose()
            if (fails) throw new Error('mine')
            return 'done'
          }
          expect(told(() => atHomeOf(tensor, work))).toBe(fails ? 'mine' : 'done')
          expect(getBackend()).toBe(elsewhere)
          expect(found).toEqual(values.map((value) => value ** 2))
        } finally {
          await setBackend(backend().name)
          dispose(tensor)
        }
      }),
      { numRuns: runs(100) },
    )
  })

  test('that is shared outlives the first holder, in either order, and holds the same numbers', () => {
    fc.assert(
      fc.property(entries, fc.boolean(), (values, firstGoes) => {
        withoutLeaks(() => {
          const one = vector(values)
          const other = share(one)
          expect(other).not.toBe(one)
          const [gone, kept] = firstGoes ? [one, other] : [other, one]
          gone.dispose()
          expect(gone.isDisposed && !kept.isDisposed).toBe(true)
          expect(Array.from(kept.dataSync())).toEqual(values)
          return kept
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
