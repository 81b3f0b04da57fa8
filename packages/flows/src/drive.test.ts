import { constant } from '@monge/backend'
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { drive, givingWay, tensorsOf, untilTime } from './index.js'

eachBackend('an iteration', (backend) => {
  const leaf = () => backend().within(() => constant(1))

  test('has the tensors that are in its records and its lists, and looks no further', () => {
    withoutLeaks(() => {
      const [one, two, three] = [leaf(), leaf(), leaf()]
      const state = { one, list: [two, [{ three }, null]], none: null, nothing: undefined, numbers: Float64Array.of(1, 2), text: 'words', one_: one }
      expect(tensorsOf(state)).toEqual(new Set([one, two, three]))
      for (const empty of [null, undefined, 3, 'text', Float64Array.of(1), {}, []]) expect(tensorsOf(empty).size).toBe(0)
      return [one, two, three]
    })
  })

  test('hands out what it does not pass over, tells of that alone, and frees what is not held on to', () => {
    const borrowed = leaf()
    const before = memory().numTensors
    const told: number[] = []
    const counts = [...drive({
      where: 'test',
      init: () => ({ count: 0, own: leaf(), lent: borrowed, none: null }),
      step: ({ count, own }) => ({ count: count + 1, own: count === 1 ? own : leaf(), lent: borrowed, none: null }),
      ended: ({ count }, taken) => {
        expect(taken).toBe(count)
        return count === 4
      },
      skipped: (taken) => taken === 0 || taken === 3,
      onProgress: ({ count }) => told.push(count),
      borrowed: { borrowed },
    })].map(({ count }) => count)
    expect(counts).toEqual([1, 2, 4])
    expect(told).toEqual([1, 2, 4])
    expect([memory().numTensors, borrowed.isDisposed]).toEqual([before, false])
    borrowed.dispose()
  })

  test('gives way after each state, or not at all, and hands out the same', async () => {
    const counting = () => drive({ where: 'test', init: () => 0, step: (count) => count + 1, ended: (count) => count === 3 })
    for (const pause of [0, 1e9]) {
      const seen: number[] = []
      let turns = 0
      const timer = setInterval(() => (turns += 1), 0)
      for await (const count of givingWay(counting(), pause)) seen.push(count)
      clearInterval(timer)
      expect(seen).toEqual([0, 1, 2, 3])
      expect(turns > 0).toBe(pause === 0)
    }
  })

  test('of no time is over at once', () => {
    expect(untilTime(0)({ time: 0 } as never)).toBe(true)
    expect(untilTime(2)({ time: 1.9999 } as never)).toBe(false)
    expect(untilTime(2)({ time: 2 - 1e-12 } as never)).toBe(true)
  })
})
