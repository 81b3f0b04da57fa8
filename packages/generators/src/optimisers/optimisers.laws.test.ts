import { tensorFrom } from '@monge/backend'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor1D, TensorContainer } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  adam,
  adamw,
  applyUpdates,
  clipByValue,
  constantRate,
  cosineRate,
  exponentialRate,
  leavesOf,
  moveBy,
  piecewiseRate,
  rmsprop,
  scale,
  scaleBySchedule,
  warmUp,
} from '../index.js'
import type { Optimiser } from '../index.js'

const rates = fc.integer({ min: 1, max: 64 }).map((whole) => whole / 32)
const shares = fc.integer({ min: 0, max: 16 }).map((whole) => whole / 16)
const counts = fc.nat({ max: 40 })
const near = (found: number, expected: number): void => {
  expect(Math.abs(found - expected), `${found} for ${expected}`).toBeLessThanOrEqual(1e-12 * (1 + Math.abs(expected)))
}

describe('a schedule of rates', () => {
  test('that is constant is the same after any number of updates', () => {
    fc.assert(
      fc.property(rates, counts, (rate, count) => {
        expect(constantRate(rate)(count)).toBe(rate)
      }),
    )
  })

  test('of a cosine falls from the first rate to its share, about the middle by symmetry, and stays there', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 30 }), shares, counts, (rate, steps, share, count) => {
        const at = cosineRate(rate, steps, share)
        near(at(0), rate)
        near(at(steps + count), rate * share)
        expect(at(count + 1)).toBeLessThanOrEqual(at(count) + 1e-15)
        const within = Math.min(count, steps)
        near(at(within) + at(steps - within), rate * (1 + share))
      }),
    )
  })

  test('that decays exponentially does so by the same factor in as many updates', () => {
    fc.assert(
      fc.property(rates, rates, fc.integer({ min: 1, max: 9 }), counts, counts, (rate, decay, steps, one, other) => {
        const at = exponentialRate(rate, decay, steps)
        expect(Math.abs((at(one + other) * rate) / (at(one) * at(other)) - 1)).toBeLessThan(1e-11)
        near(at(steps), rate * decay)
      }),
    )
  })

  test('in pieces is the first rate times the factors of the counts that have come, in one list or two', () => {
    const changes = fc.uniqueArray(fc.tuple(counts, rates), { selector: ([count]) => count, maxLength: 5 })
    fc.assert(
      fc.property(rates, changes, counts, (rate, unordered, count) => {
        const ordered = unordered.toSorted(([one], [other]) => one - other)
        const product = ordered.reduce((all, [from, factor]) => all * (from <= count ? factor : 1), 1)
        near(piecewiseRate(rate, ordered)(count), rate * product)
        const [early, late] = [ordered.slice(0, 2), ordered.slice(2)]
        near((piecewiseRate(rate, early)(count) * piecewiseRate(rate, late)(count)) / rate, rate * product)
      }),
    )
  })

  test('warms up along a line, and is then the schedule from its start', () => {
    fc.assert(
      fc.property(rates, fc.integer({ min: 1, max: 20 }), shares, counts, (rate, steps, start, count) => {
        const after = exponentialRate(rate, 0.5, 3)
        const at = warmUp(steps, start)(after)
        near(at(0), start * rate)
        near(at(steps + count), after(count))
        const within = Math.min(count, steps)
        near(at(within), rate * (start + ((1 - start) * within) / steps))
      }),
    )
  })
})

eachBackend('an optimiser', (backend) => {
  const gradients = fc.array(fc.integer({ min: -64, max: 64 }).map((whole) => whole / 16), { minLength: 1, maxLength: 5 })
  const times = { numRuns: runs(100) }
  /** What it makes of one gradient after another, at the same parameters. */
  const updates = (optimiser: Optimiser, rows: readonly (readonly number[])[], at?: readonly number[]): readonly number[][] => {
    const row = (values: readonly number[]) => tensorFrom<Tensor1D>(values, [values.length])
    const params = row(at ?? rows[0]?.map(() => 1) ?? [])
    let state = optimiser.init(params)
    const found = rows.map((values) => {
      const gradient = row(values)
      const update = optimiser.update(gradient, state, params)
      const numbers = leavesOf(update.updates).flatMap((leaf) => Array.from(leaf.dataSync()))
      dispose([gradient, ...leavesOf(update.updates)])
      dispose(state as TensorContainer)
      state = update.state
      return numbers
    })
    dispose(params)
    dispose(state as TensorContainer)
    return found
  }
  const close = (found: readonly number[], expected: readonly number[], loosely = 1): void => {
    const allowed = loosely * tolerance(backend(), { float64: 1e-12, float32: 1e-5 })
    expect(found.length).toBe(expected.length)
    found.forEach((value, i) => {
      const wanted = expected[i] ?? Number.NaN
      expect(Math.abs(value - wanted), `${value} for ${wanted}`).toBeLessThanOrEqual(allowed * (1 + Math.abs(wanted)))
    })
  }

  test.each([
    ['Adam', adam(0.1)],
    ['AdamW', adamw(0.1)],
    ['RMSprop', rmsprop(0.1)],
  ] as readonly (readonly [string, Optimiser])[])('like %s moves parameters to where its updates do, bit for bit', (_, optimiser) =>
    withoutLeaks(() => {
      const params = tensorFrom<Tensor1D>([1, -2, 0.3], [3])
      const slope = tensorFrom<Tensor1D>([0.5, 1e-3, -7], [3])
      const first = optimiser.init(params)
      const { updates: towards, state } = optimiser.update(slope, first, params)
      const next = applyUpdates(towards)(params)
      const moved = moveBy(optimiser)(slope, first, params)
      expect(moved.params.dataSync()).toEqual(next.dataSync())
      expect(moved.params.shape).toEqual([3])
      const again = [moved.state, state].map((memory) => {
        const update = optimiser.update(slope, memory, next)
        const numbers = update.updates.dataSync()
        dispose(update as unknown as TensorContainer)
        return numbers
      })
      expect(again[0]).toEqual(again[1])
      dispose([params, slope, towards, next, moved.params])
      dispose([first, state, moved.state] as TensorContainer)
    }),
  )

  test('that clips brings every number into its limits, and the second time changes nothing', () =>
    withoutLeaks(() => {
      fc.assert(
        fc.property(gradients, rates, (gradient, limit) => {
          const [once = []] = updates(clipByValue(limit), [gradient])
          close(once, gradient.map((slope) => Math.min(Math.max(slope, -limit), limit)))
          expect(updates(clipByValue(limit), [once])[0]).toEqual(once)
        }),
        times,
      )
    }))

  test('that scales by a schedule scales each update by what the schedule says of its count', () =>
    withoutLeaks(() => {
      fc.assert(
        fc.property(gradients, rates, (gradient, rate) => {
          const schedule = (count: number): number => rate / (1 + count)
          const found = updates(scaleBySchedule(schedule), [gradient, gradient, gradient])
          found.forEach((update, count) => {
            close(update, updates(scale(schedule(count)), [gradient])[0] ?? [])
          })
        }),
        times,
      )
    }))

  test('of the kind of RMSprop goes against the gradient, by lengths that do not know its scale', () =>
    withoutLeaks(() => {
      fc.assert(
        fc.property(gradients, rates, fc.constantFrom(0.25, 4), (gradient, rate, factor) => {
          const optimiser = rmsprop(rate, { decay: 0.75, epsilon: 1e-14 })
          const [first = [], second = []] = updates(optimiser, [gradient, gradient])
          // The mean of the square begins at 0: after the first update it is a quarter, after the second seven sixteenths.
          close(first, gradient.map((slope) => -rate * Math.sign(slope) * 2))
          close(second, gradient.map((slope) => (-rate * Math.sign(slope) * 4) / Math.sqrt(7)))
          const scaled = gradient.map((slope) => slope * factor)
          updates(optimiser, [scaled, scaled]).forEach((update, k) => {
            close(update, [first, second][k] ?? [])
          })
        }),
        times,
      )
    }))

  test('of the kind of AdamW is Adam with a part of the parameters taken off, which its means do not see', () =>
    withoutLeaks(() => {
      fc.assert(
        fc.property(gradients, rates, shares, (gradient, rate, weightDecay) => {
          const at = gradient.map((_, i) => i - 1)
          const other = gradient.map((slope) => 1 - slope)
          const plain = updates(adam(rate), [gradient, other], at)
          updates(adamw(rate, { weightDecay }), [gradient, other], at).forEach((update, k) => {
            close(update, (plain[k] ?? []).map((moved, i) => moved - rate * weightDecay * (at[i] ?? 0)), 4)
          })
        }),
        times,
      )
    }))
})
