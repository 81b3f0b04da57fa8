import { energy, kernelNorm } from '@monge/kernels'
import { lossAt } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, scale } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, div, mul, ones, scalar, square, sub, sum, zeros } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, reference, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  adam,
  backtracking,
  copyState,
  disposeState,
  euler,
  gradientFlow,
  last,
  momentum,
  run,
  runAsync,
  untilAny,
  untilSlow,
  untilTime,
  untilValue,
} from './index.js'
import type { Flow, FlowOptions, FlowState, Motion } from './index.js'

const points = (state: Pick<FlowState, 'measure'>): readonly number[] => Array.from(state.measure.points.dataSync())
const typed = (tag: string, where: string): unknown => expect.objectContaining({ name: 'MongeError', tag, where })

/** Half the mean squared distance to the first point of the target, as a plain function that knows no place. */
const toFirst: Loss = (mu, nu) =>
  sum(mul(mu.weights, sum(square(sub(mu.points, nu.points)), 1))) as Scalar

eachBackend('flows', (backend) => {
  const measure = (rows: number[][], weights?: number[]): Measure => measureOrThrow(fromArrays(rows, weights, backend()))

  /** The body with two measures, one point each, and no tensor left in the end. */
  const between = (body: (mu: Measure, nu: Measure) => unknown): Promise<void> =>
    withoutLeaks(async () => {
      const [mu, nu] = [measure([[1, 0]]), measure([[0, 0]])]
      try {
        await body(mu, nu)
      } finally {
        disposeMeasure(mu)
        disposeMeasure(nu)
      }
    })

  /** A loss that counts its calls, and is or does something else in the last of them. */
  const counting = (fails = Infinity, failure: () => Scalar = () => scalar(NaN)) => {
    const calls = { count: 0 }
    const loss = lossAt(backend(), (mu, nu) => {
      calls.count += 1
      return calls.count === fails ? failure() : toFirst(mu, nu)
    })
    return { calls, flow: gradientFlow(loss, { step: 0.25 }) }
  }

  describe('gradientFlow', () => {
    test('follows any function of two measures', () =>
      between((mu, nu) => {
        // x <- x - 0.25 * 2 x
        const states = Array.from(run(gradientFlow(toFirst, { step: 0.25 }), mu, nu, { steps: 3 }), (state) => [
          state.iteration,
          state.time,
          state.value,
          ...points(state),
        ])
        expect(states).toEqual([
          [0, 0, 1, 1, 0],
          [1, 0.25, 0.25, 0.5, 0],
          [2, 0.5, 0.0625, 0.25, 0],
          [3, 0.75, 0.015625, 0.125, 0],
        ])
      }))

    test('rests under a loss that does not look at the points', () =>
      between((mu, nu) => {
        const end = last(gradientFlow((from) => sum(from.weights), { step: 1 }), mu, nu, { steps: 3 })
        expect(points(end)).toEqual([1, 0])
        disposeState(end)
      }))

    test.each<readonly [string, FlowOptions<unknown>, string]>([
      ['no step', {} as never, 'gradientFlow: step'],
      ['a step of zero', { step: 0 }, 'gradientFlow: step'],
      ['a step that is no number', { step: '1' as never }, 'gradientFlow: step'],
      ['a step and a motion', { step: 1, motion: euler(1) }, 'gradientFlow'],
      ['a motion that is none', { motion: 'adam' as never }, 'gradientFlow: motion'],
      ['an unknown option', { step: 1, rate: 2 } as never, 'gradientFlow'],
    ])('refuses %s', (_, options, where) => {
      expect(() => gradientFlow(toFirst, options)).toThrow(typed('InvalidOption', where))
    })

    test('refuses measures of different dimensions as its loss does', () =>
      between((mu) => {
        const line = measure([[1]])
        const states = run(gradientFlow(kernelNorm(energy())(backend()), { step: 1 }), mu, line)
        expect(() => states.next()).toThrow(expect.objectContaining({ tag: 'DimensionMismatch' }))
        disposeMeasure(line)
      }))

    test('refuses a measure that was disposed of', () =>
      between((_, nu) => {
        const gone = measure([[1, 1]])
        disposeMeasure(gone)
        expect(() => run(gradientFlow(toFirst, { step: 1 }), gone, nu).next()).toThrow(
          expect.objectContaining({ tag: 'InvalidArgument' }),
        )
      }))

    test('leaves measures that live elsewhere in their own precision', async () => {
      const other = await reference()
      const [mu, nu] = [[[0.1, 0.2]], [[0.3, 0.4]]].map((rows) => measureOrThrow(fromArrays(rows, undefined, other)))
      disposeState(last(gradientFlow(kernelNorm(energy())(backend()), { step: 0.1 }), mu, nu, { steps: 2 }))
      expect([...mu.points.dataSync(), ...nu.points.dataSync()]).toEqual([0.1, 0.2, 0.3, 0.4])
      disposeMeasure(mu)
      disposeMeasure(nu)
    })
  })

  describe('rules of motion', () => {
    const path = (motion: Motion, mu: Measure, nu: Measure): readonly number[] =>
      Array.from(run(gradientFlow(toFirst, { motion }), mu, nu, { steps: 4 }), (state) => points(state)[0])

    const expectPath = (actual: readonly number[], expected: readonly number[]): void =>
      actual.forEach((x, k) => expect(Math.abs(x - expected[k]), `${x} for ${expected[k]}`).toBeLessThan(1e-6))

    test('momentum is the heavy ball', () =>
      between((mu, nu) => {
        const expected = [1]
        let [x, m] = [1, 0]
        for (let k = 0; k < 4; k++) {
          m = 0.8 * m - 2 * x
          x += 0.1 * m
          expected.push(x)
        }
        expectPath(path(momentum(0.1, 0.8), mu, nu), expected)
      }))

    test('Adam is that of Kingma and Ba', () =>
      between((mu, nu) => {
        const expected = [1]
        let [x, m, s] = [1, 0, 0]
        for (let k = 1; k <= 4; k++) {
          m = 0.7 * m + 0.3 * (-2 * x)
          s = 0.9 * s + 0.1 * (2 * x) ** 2
          x += (0.1 * (m / (1 - 0.7 ** k))) / (Math.sqrt(s / (1 - 0.9 ** k)) + 1e-8)
          expected.push(x)
        }
        expectPath(path(adam(0.1, 0.7, 0.9), mu, nu), expected)
      }))

    test('backtracking halves a step that overshoots, and doubles it again', () =>
      between((mu, nu) => {
        const flow = gradientFlow(toFirst, { motion: backtracking(2) })
        const lengths = Array.from(run(flow, mu, nu, { steps: 1 }), ({ time, memory }) => [time, memory])
        // Of 2, 1 and 0.5 the first two lead to -3 and -1.
        expect(lengths).toEqual([
          [0, 2],
          [0.5, 1],
        ])
      }))

    test('backtracking comes down from a step that is absurd', () =>
      between((mu, nu) => {
        const end = last(gradientFlow(toFirst, { motion: backtracking(1e30) }), mu, nu, { steps: 5 })
        expect(end.value).toBeLessThan(0.5)
        disposeState(end)
      }))

    test('backtracking that gave up goes on from the step it came down to, or from where there was a step', () =>
      between((mu, nu) => {
        const steps = (step: number): readonly (readonly number[])[] =>
          Array.from(run(gradientFlow(toFirst, { motion: backtracking(step) }), mu, nu, { steps: 2 }), (state) => [
            state.time,
            state.memory,
          ])
        const absurd = 2 ** 100
        expect(steps(absurd)).toEqual([
          [0, absurd],
          [0, absurd / 2 ** 40],
          [0, absurd / 2 ** 80],
        ])
        // A step too small to move anything is taken; one that halving makes zero of would never be another again.
        const calls = { count: 0 }
        const rising: Loss = (from, to) => add(toFirst(from, to), scalar(calls.count++)) as Scalar
        const tiny = 2 ** -1060
        const flow = gradientFlow(rising, { motion: backtracking(tiny) })
        expect(Array.from(run(flow, mu, nu, { steps: 1 }), ({ memory }) => memory)).toEqual([tiny, tiny])
      }))

    test('backtracking takes a loss that gives up for one that rises', () =>
      between((mu, nu) => {
        const brittle: Loss = (from, to) => {
          const value = toFirst(from, to)
          if (value.dataSync()[0] <= 1) return value
          throw Object.assign(new Error('too far'), { name: 'MongeError', tag: 'Diverged', where: 'test' })
        }
        const end = last(gradientFlow(brittle, { motion: backtracking(64) }), mu, nu, { steps: 2 })
        expect(end.value).toBeLessThan(1)
        disposeState(end)
      }))

    test('frees what a user’s rule makes and remembers, and not what it hands on', () =>
      between((mu, nu) => {
        const still: Motion<{ readonly mean: { readonly of: FlowState['velocity'] }; readonly same: FlowState['velocity'] }> = {
          init: (start) => ({ mean: { of: ones(start.shape) }, same: zeros(start.shape) }),
          move: (position, { mean, same }) => ({
            points: position.points,
            length: 1,
            memory: { mean: { of: div(add(mean.of, position.velocity), scalar(2)) }, same },
          }),
        }
        const states = Array.from(run(gradientFlow(toFirst, { motion: still }), mu, nu, { steps: 3 }), points)
        expect(states).toEqual([[1, 0], [1, 0], [1, 0], [1, 0]])
      }))

    test.each<readonly [string, () => unknown]>([
      ['euler: step', () => euler(-1)],
      ['momentum: step', () => momentum(Infinity)],
      ['momentum: decay', () => momentum(1, 1)],
      ['adam: step', () => adam(NaN)],
      ['adam: decay', () => adam(1, -0.1)],
      ['adam: squareDecay', () => adam(1, 0.9, 1)],
      ['adam: floor', () => adam(1, 0.9, 0.999, 0)],
      ['backtracking: step', () => backtracking(0)],
      ['backtracking: share', () => backtracking(1, 1)],
    ])('refuse a wrong %s', (where, make) => {
      expect(make).toThrow(typed('InvalidOption', where))
    })
  })

  describe('run', () => {
    test('does no work before it is asked, and none after', () =>
      between((mu, nu) => {
        const { calls, flow } = counting()
        const states = run(flow, mu, nu)
        expect(calls.count).toBe(0)
        states.next()
        expect(calls.count).toBe(1)
        states.next()
        expect(calls.count).toBe(2)
        states.return()
        expect(states.next().done).toBe(true)
        expect(calls.count).toBe(2)
      }))

    test('shows the first state alone in no steps', () =>
      between((mu, nu) => {
        expect(Array.from(run(counting().flow, mu, nu, { steps: 0 }), ({ iteration }) => iteration)).toEqual([0])
      }))

    test('ends after the first state that a rule wants, and tells of each', () =>
      between((mu, nu) => {
        const told: number[] = []
        const options = { steps: 9, until: untilValue(0.1), onProgress: ({ iteration }: FlowState) => told.push(iteration) }
        expect(Array.from(run(counting().flow, mu, nu, options), ({ iteration }) => iteration)).toEqual([0, 1, 2])
        expect(told).toEqual([0, 1, 2])
      }))

    test('keeps a state’s tensors until the next is asked for', () =>
      between((mu, nu) => {
        const states = run(counting().flow, mu, nu)
        const first = states.next().value as FlowState
        expect(points(first)).toEqual([1, 0])
        states.next()
        expect(first.measure.points.isDisposed && first.velocity.isDisposed).toBe(true)
        states.return()
      }))

    test('frees everything when its reader leaves or throws', () =>
      between((mu, nu) => {
        for (const { iteration } of run(counting().flow, mu, nu)) if (iteration === 2) break
        const reading = () => {
          for (const { iteration } of run(counting().flow, mu, nu)) if (iteration === 2) throw new Error('enough')
        }
        expect(reading).toThrow('enough')
      }))

    test.each<readonly [string, () => Scalar]>([
      ['is not a number', () => scalar(NaN)],
      ['is infinite', () => scalar(Infinity)],
    ])('ends where the loss %s', (_, value) =>
      between((mu, nu) => {
        const { flow } = counting(3, value)
        expect(() => Array.from(run(flow, mu, nu))).toThrow(typed('Diverged', 'gradientFlow'))
        expect(() => last(counting(3, value).flow, mu, nu, { steps: 5 })).toThrow('after 2 steps')
      }),
    )

    test.each([1, 3])('frees everything where the loss throws in call %s', (call) =>
      between((mu, nu) => {
        const failure = (): never => {
          ones([2])
          throw new Error('broken')
        }
        expect(() => Array.from(run(counting(call, failure).flow, mu, nu))).toThrow('broken')
        expect(() => last(counting(call, failure).flow, mu, nu, { steps: 5 })).toThrow('broken')
      }),
    )

    test('ends when its signal is raised, with the reason', () =>
      between((mu, nu) => {
        const controller = new AbortController()
        const { calls, flow } = counting()
        const reading = () => {
          for (const { iteration } of run(flow, mu, nu, { signal: controller.signal }))
            if (iteration === 1) controller.abort('changed my mind')
        }
        expect(reading).toThrow(expect.objectContaining({ tag: 'Aborted', where: 'run', cause: 'changed my mind' }))
        expect(calls.count).toBe(2)
        expect(() => run(flow, mu, nu, { signal: controller.signal }).next()).toThrow(typed('Aborted', 'run'))
        expect(calls.count).toBe(2)
      }))

    test.each<readonly [string, object, string]>([
      ['steps that are not whole', { steps: 1.5 }, ': steps'],
      ['steps below zero', { steps: -1 }, ': steps'],
      ['steps that are no number', { steps: NaN }, ': steps'],
      ['an unknown option', { step: 3 }, ''],
    ])('refuses %s, before it is asked', (_, options, where) =>
      between((mu, nu) => {
        const { flow } = counting()
        expect(() => run(flow, mu, nu, options)).toThrow(typed('InvalidOption', `run${where}`))
        expect(() => runAsync(flow, mu, nu, options)).toThrow(typed('InvalidOption', `runAsync${where}`))
        expect(() => last(flow, mu, nu, options as never)).toThrow(typed('InvalidOption', `last${where}`))
      }),
    )

    test('runs any other flow of measures', () =>
      between((mu, nu) => {
        const halving: Flow<string> = {
          init: (from, to) => ({
            iteration: 0,
            time: 0,
            value: 1,
            memory: 'none',
            velocity: zeros([1, 2]),
            measure: scale(1)(from),
            target: scale(1)(to),
          }),
          step: (state) => ({ ...state, iteration: state.iteration + 1, measure: scale(0.5)(state.measure) }),
        }
        expect(Array.from(run(halving, mu, nu, { steps: 2 }), points)).toEqual([[1, 0], [0.5, 0], [0.25, 0]])
      }))
  })

  describe('runAsync', () => {
    test('gives way to timers, which can abort it', () =>
      between(async (mu, nu) => {
        const controller = new AbortController()
        setTimeout(() => controller.abort(), 0)
        const reading = async () => {
          for await (const { iteration } of runAsync(counting().flow, mu, nu, { signal: controller.signal }))
            expect(iteration, 'no timer came through').toBeLessThan(100_000)
        }
        await expect(reading()).rejects.toThrow(typed('Aborted', 'runAsync'))
      }))

    test('sees what run sees, and frees what it leaves', () =>
      between(async (mu, nu) => {
        const seen: number[] = []
        for await (const { value } of runAsync(counting().flow, mu, nu, { steps: 4 })) seen.push(value)
        expect(seen).toEqual(Array.from(run(counting().flow, mu, nu, { steps: 4 }), ({ value }) => value))
        for await (const { iteration } of runAsync(counting().flow, mu, nu, {}, 0)) if (iteration === 2) break
      }))
  })

  describe('kept states', () => {
    test('last is the last state that run shows', () =>
      between((mu, nu) => {
        const end = last(counting().flow, mu, nu, { steps: 3 })
        expect([end.iteration, end.value, ...points(end)]).toEqual([3, 0.015625, 0.125, 0])
        disposeState(end)
      }))

    test('a copy outlives the run, with its target', () =>
      between((mu, nu) => {
        const kept = Array.from(run(counting().flow, mu, nu, { steps: 2 }), copyState)
        expect(kept.map(points)).toEqual([[1, 0], [0.5, 0], [0.25, 0]])
        expect(kept.map(({ velocity }) => velocity.dataSync()[0])).toEqual([-2, -1, -0.5])
        expect(Array.from(kept[2].target.points.dataSync())).toEqual([0, 0])
        kept.forEach(disposeState)
      }))

    test('neither a copy nor a rule costs digits where tfjs is elsewhere', async () => {
      const other = await reference()
      const [mu, nu] = [[[0.1, 0.2]], [[0.3, 0.4]]].map((rows) => measureOrThrow(fromArrays(rows, undefined, other)))
      const flow = gradientFlow(kernelNorm(energy())(other), { step: 0.1 })
      const plain = last(flow, mu, nu, { steps: 3 })
      const watched = last(flow, mu, nu, { steps: 3, until: untilSlow(0) })
      expect(points(watched)).toEqual(points(plain))
      expect(points(watched)).not.toEqual(points(watched).map(Math.fround))
      ;[plain, watched].forEach(disposeState)
      ;[mu, nu].forEach(disposeMeasure)
    })
  })

  describe('rules of ending', () => {
    const stepsUntil = (until: (state: FlowState) => boolean, mu: Measure, nu: Measure): number =>
      Array.from(run(counting().flow, mu, nu, { steps: 50, until })).length - 1

    test('end by value, speed, time, or any of them', () =>
      between((mu, nu) => {
        expect(stepsUntil(untilValue(0.0625), mu, nu)).toBe(2)
        expect(stepsUntil(untilSlow(0.5), mu, nu)).toBe(2)
        expect(stepsUntil(untilSlow(0.499), mu, nu)).toBe(3)
        expect(stepsUntil(untilTime(1), mu, nu)).toBe(4)
        expect(stepsUntil(untilAny(untilTime(1), untilValue(0.3)), mu, nu)).toBe(1)
        expect(stepsUntil(untilAny(), mu, nu)).toBe(50)
      }))

    test('end in time although steps of a tenth add up to less', () =>
      between((mu, nu) => {
        const flow = gradientFlow(toFirst, { step: 0.1 })
        expect(Array.from(run(flow, mu, nu, { until: untilTime(0.8) })).length - 1).toBe(8)
      }))

    test.each<readonly [string, () => unknown]>([
      ['untilValue: goal', () => untilValue(NaN)],
      ['untilSlow: speed', () => untilSlow(-1)],
      ['untilTime: end', () => untilTime(NaN)],
    ])('refuse a wrong %s', (where, make) => {
      expect(make).toThrow(typed('InvalidOption', where))
    })
  })
})
