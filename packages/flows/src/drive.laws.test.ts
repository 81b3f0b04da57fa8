import { tensor1d } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { drive, givingWay, tensorsOf } from './index.js'
import type { Iteration } from './index.js'

/*
 * The driver on an iteration whose states are known: the numbers of steps taken, as tensors. Some of a state's tensors go
 * over to the next state, some are its own, one is the caller's.
 */

interface Counted {
  readonly count: number
  readonly own: Tensor
  readonly parts: readonly { readonly handed: Tensor }[]
  readonly lent: Tensor
}

interface Story {
  readonly steps: number
  readonly skips: readonly number[]
  /** The step that fails, if it is one of them. */
  readonly fails: number
  /** The state at which the signal is raised, if it is one of them. */
  readonly aborts: number
  /** How many states the caller takes before it stops. */
  readonly takes: number
}

const stories: fc.Arbitrary<Story> = fc.record({
  steps: fc.nat({ max: 8 }),
  skips: fc.subarray([0, 1, 2, 3, 4, 5, 6, 7, 8], { maxLength: 4 }),
  fails: fc.oneof(fc.constant(-1), fc.nat({ max: 9 })),
  aborts: fc.oneof(fc.constant(-1), fc.nat({ max: 9 })),
  takes: fc.oneof(fc.constant(100), fc.nat({ max: 9 })),
})

/** What should be seen of a story: the states that are handed out, and how it ends. */
const told = ({ steps, skips, fails, aborts, takes }: Story): { readonly seen: readonly number[]; readonly end: string } => {
  const seen: number[] = []
  if (takes === 0) return { seen, end: 'stopped' }
  for (let taken = 0; ; taken++) {
    if (!skips.includes(taken)) {
      seen.push(taken)
      if (seen.length === takes) return { seen, end: 'stopped' }
    }
    if (taken === steps) return { seen, end: 'ended' }
    // The signal is raised while the caller has the state.
    if (aborts >= 0 && seen.some((state) => state >= aborts)) return { seen, end: 'Aborted' }
    if (taken === fails) return { seen, end: 'failed' }
  }
}

eachBackend('a driven iteration', () => {
  const numbered = (count: number): Tensor1D => tensor1d([count])

  const iterationOf = ({ steps, skips, fails }: Story, lent: Tensor, progress: number[], signal: AbortSignal): Iteration<Counted> => ({
    where: 'test',
    init: () => ({ count: 0, own: numbered(0), parts: [{ handed: numbered(100) }], lent }),
    step: ({ count, parts }) => {
      if (count === fails) throw new Error('failed')
      const next = { count: count + 1, own: numbered(count + 1), lent }
      return count % 2 === 0 ? { ...next, parts } : { ...next, parts: [{ handed: numbered(100 + count) }] }
    },
    ended: (_, taken) => taken === steps,
    skipped: (taken) => skips.includes(taken),
    onProgress: ({ count }) => void progress.push(count),
    signal,
    borrowed: { lent },
  })

  const readOf = ({ count, own, parts }: Counted): number => {
    // Its tensors are alive, all of them.
    expect(own.dataSync()[0]).toBe(count)
    expect(parts[0]?.handed.dataSync()[0]).toBeGreaterThanOrEqual(100)
    return count
  }

  const endOf = (error: unknown): string =>
    error instanceof Error && error.message === 'failed' ? 'failed' : ((error as { readonly tag?: string }).tag ?? String(error))

  test('hands out its states in turn, tells of each before, ends where it should, and frees all but what is lent', () => {
    fc.assert(
      fc.property(stories, (story) => {
        withoutLeaks(() => {
          const [lent, controller] = [numbered(-1), new AbortController()]
          const [progress, seen, toldBefore]: [number[], number[], number[]] = [[], [], []]
          let end = 'ended'
          try {
            if (story.takes === 0) end = 'stopped'
            else
              for (const state of drive(iterationOf(story, lent, progress, controller.signal))) {
                seen.push(readOf(state))
                toldBefore.push(progress.length)
                if (story.aborts >= 0 && state.count >= story.aborts) controller.abort()
                if (seen.length < story.takes) continue
                end = 'stopped'
                break
              }
          } catch (error) {
            end = endOf(error)
          }
          expect({ seen, end }).toEqual(told(story))
          expect(progress).toEqual(seen)
          expect(toldBefore).toEqual(seen.map((_, index) => index + 1))
          expect(lent.dataSync()[0]).toBe(-1)
          return lent
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('is the same while it gives way, however often', async () => {
    await fc.assert(
      fc.asyncProperty(stories, fc.constantFrom(0, Infinity), async (story, pause) => {
        await withoutLeaks(async () => {
          const [lent, controller] = [numbered(-1), new AbortController()]
          const seen: number[] = []
          let end = 'ended'
          let [waited, alive] = [0, true]
          const waiting = (): void => {
            waited++
            if (alive) setTimeout(waiting, 0)
          }
          setTimeout(waiting, 0)
          try {
            if (story.takes === 0) end = 'stopped'
            else
              for await (const state of givingWay(drive(iterationOf(story, lent, [], controller.signal)), pause)) {
                seen.push(readOf(state))
                if (story.aborts >= 0 && state.count >= story.aborts) controller.abort()
                if (seen.length < story.takes) continue
                end = 'stopped'
                break
              }
          } catch (error) {
            end = endOf(error)
          }
          alive = false
          expect({ seen, end }).toEqual(told(story))
          // Between two states there is a turn of the event loop for others, or none.
          expect(waited > 0 || pause === Infinity || seen.length <= 2).toBe(true)
          expect(waited === 0 || pause === 0).toBe(true)
          return lent
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('does not begin where the signal was raised before', () => {
    fc.assert(
      fc.property(stories, (story) => {
        withoutLeaks(() => {
          const lent = numbered(-1)
          let begun = false
          const iteration = iterationOf(story, lent, [], AbortSignal.abort('enough'))
          const init = (): Counted => {
            begun = true
            return iteration.init()
          }
          expect(() => drive({ ...iteration, init }).next()).toThrow(expect.objectContaining({ tag: 'Aborted', where: 'test' }))
          expect(begun).toBe(false)
          return lent
        })
      }),
      { numRuns: runs(100) },
    )
  })

  type Tree = number | undefined | readonly Tree[] | { readonly [key: string]: Tree }
  const { tree } = fc.letrec<{ readonly tree: Tree }>((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      fc.option(fc.nat({ max: 4 }), { nil: undefined }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(fc.string({ maxLength: 3 }), tie('tree'), { maxKeys: 3 }),
    ),
  }))

  test('knows the tensors of its states: those in records and lists, each once, and nothing else', () => {
    fc.assert(
      fc.property(tree, (given) => {
        withoutLeaks(() => {
          const tensors = [0, 1, 2, 3, 4].map(numbered)
          const wanted = new Set<Tensor>()
          const besides = { text: 'tensor', number: 1, nothing: null, array: new Float64Array(3), call: () => tensors[0] }
          const grown = (part: Tree): unknown => {
            if (part === undefined) return besides
            if (typeof part === 'number') {
              const tensor = tensors[part]
              if (tensor !== undefined) wanted.add(tensor)
              return tensor
            }
            return Array.isArray(part) ? part.map(grown) : Object.fromEntries(Object.entries(part).map(([key, inner]) => [key, grown(inner)]))
          }
          expect(tensorsOf(grown(given))).toEqual(wanted)
          return tensors
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
