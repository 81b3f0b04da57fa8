import { tensorsOf } from '@monge/flows'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { banana, parallelTempering } from '../index.js'

eachBackend('parallel tempering', (backend) => {
  test('tells of the swaps that it tried, by turns of every so many steps, and of no others', () => {
    const options = fc.record({
      temperatures: fc.integer({ min: 2, max: 4 }).map((count) => Array.from({ length: count }, (_, k) => 2 ** k)),
      every: fc.integer({ min: 1, max: 3 }),
      steps: fc.integer({ min: 1, max: 5 }),
      seed: fc.nat({ max: 1000 }),
    })
    fc.assert(
      fc.property(options, ({ temperatures, every, steps, seed }) => {
        withoutLeaks(() => {
          const sampler = parallelTempering(banana()(backend()), { temperatures, step: 0.3, every })
          const start = measureOrThrow(fromArrays([[0, 1], [1, 0]], undefined, backend()))
          let state = sampler.init(key(seed), start)
          for (let taken = 1; taken <= steps; taken++) {
            const { state: next, info } = sampler.step(state)
            const kept = tensorsOf([next, start])
            for (const tensor of tensorsOf(state)) if (!kept.has(tensor)) tensor.dispose()
            state = next
            const turn = taken % every === 0 ? (taken / every) % 2 : undefined
            expect(info.swaps.map((swap) => swap !== undefined)).toEqual(temperatures.slice(1).map((_, k) => k % 2 === turn))
            expect(info.swaps.every((swap) => swap === undefined || (swap >= 0 && swap <= 1))).toBe(true)
            expect(info.acceptances).toHaveLength(temperatures.length)
            expect(info.acceptance).toBe(info.acceptances[0])
          }
          disposeMeasure(start)
          return [...tensorsOf(state)].filter((tensor) => !tensor.isDisposed)
        })
      }),
      { numRuns: runs(100) },
    )
  })
})
