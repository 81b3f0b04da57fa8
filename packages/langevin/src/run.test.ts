import { isMongeError } from '@monge/errors'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { describe, expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { banana, copyState, disposeState, draw, gaussian, last, mala, projected, ball, resume, run, runAsync, ula, underdamped } from './index.js'
import type { Sampler } from './index.js'

eachBackend('drivers', (backend) => {
  const started = (): Measure => measureOrThrow(fromArrays([[0, 0], [1, -1], [0.5, 2]], undefined, backend()))
  const samplers = (): readonly Sampler[] => [
    ula(banana()(backend()), { step: 0.1, preconditioner: [1, 2] }),
    ula(gaussian({ mean: [3, 3] })(backend()), { step: 0.3, constraint: projected(ball({ centre: [0, 0], radius: 1 })) }),
    mala(banana()(backend()), { step: 0.3 }),
    underdamped(banana()(backend()), { step: 0.2 }),
  ]
  const caught = (body: () => unknown): unknown => {
    try {
      body()
      return undefined
    } catch (error) {
      return error
    }
  }

  test('many steps in one go are those steps one by one, bit for bit', () => {
    const start = started()
    for (const sampler of samplers()) {
      const single = Array.from(run(sampler, key(1), start, { steps: 150 }), ({ state }) => Array.from(state.measure.points.dataSync()))
      const { values, draws } = draw(sampler, key(1), start, { steps: 150, burnIn: 9, thin: 70 })
      expect(draws).toBe(2)
      expect(Array.from(values)).toEqual([78, 148].flatMap((index) => single[index] ?? []))
    }
    disposeMeasure(start)
  })

  test('hand out what burn-in and thinning leave, with the numbers of the steps', () => {
    const start = started()
    const told: number[] = []
    const options = { steps: 20, burnIn: 5, thin: 4, onProgress: ({ state }: { state: { iteration: number } }) => told.push(state.iteration) }
    const iterations = Array.from(run(ula(banana()(backend()), { step: 0.1 }), key(1), start, options), ({ state }) => state.iteration)
    expect(iterations).toEqual([9, 13, 17])
    expect(told).toEqual(iterations)
    disposeMeasure(start)
  })

  test('give way and give the same', async () => {
    const start = started()
    const sampler = mala(banana()(backend()), { step: 0.3 })
    const points: number[][] = []
    for await (const { state } of runAsync(sampler, key(1), start, { steps: 3 }, 0)) points.push(Array.from(state.measure.points.dataSync()))
    expect(points).toEqual(Array.from(run(sampler, key(1), start, { steps: 3 }), ({ state }) => Array.from(state.measure.points.dataSync())))
    disposeMeasure(start)
  })

  test('an abort is heard in a long burn-in, and no tensor is left behind', () =>
    withoutLeaks(() => {
      const start = started()
      for (const make of samplers()) {
        let steps = 0
        const controller = new AbortController()
        const counting: Sampler = {
          init: (first, measure) => make.init(first, measure) as never,
          step: (state) => {
            if (++steps === 5) controller.abort()
            return make.step(state as never) as never
          },
        }
        const error = caught(() => last(counting, key(1), start, { steps: 1000, signal: controller.signal }))
        expect(isMongeError(error) && error.tag).toBe('Aborted')
        expect(steps).toBe(5)
      }
      return start
    }))

  test('of a chain that diverges in between, no tensor is left behind', () =>
    withoutLeaks(() => {
      const start = measureOrThrow(fromArrays([[0, 0], [50, 50]], undefined, backend()))
      const error = caught(() => last(ula(banana()(backend()), { step: 0.2 }), key(1), start, { steps: 500 }))
      expect(error).toMatchObject({ tag: 'Diverged', chain: 1 })
      const single = caught(() => Array.from(run(ula(banana()(backend()), { step: 0.2 }), key(1), start, { steps: 500 }), () => 0))
      expect(single).toMatchObject({ iteration: (error as { iteration: number }).iteration })
      return start
    }))

  test('a copied state is the copier’s, and no step returns it', () => {
    const start = started()
    const sampler = ula(banana()(backend()), { step: 0.1 })
    const none = last(sampler, key(1), start, { steps: 0 })
    const copy = copyState(none)
    disposeState(none)
    expect(Array.from(resume(sampler, copy, { steps: 1 }), ({ state }) => state.iteration)).toEqual([1])
    disposeState(copy)
    disposeMeasure(start)
  })

  describe('options', () => {
    test.each<[object, string]>([
      [{ steps: -1 }, 'run: steps'],
      [{ thin: 0 }, 'run: thin'],
      [{ burnIn: 0.5 }, 'run: burnIn'],
      [{ burnin: 1 }, 'run'],
    ])('%o are refused', (options, where) => {
      const start = started()
      expect(caught(() => run(ula(banana()(backend()), { step: 0.1 }), key(1), start, options))).toMatchObject({ where })
      disposeMeasure(start)
    })

    test('of samplers are checked before any work', () => {
      expect(caught(() => ula(banana()(backend()), { step: 0 }))).toMatchObject({ where: 'ula: step' })
      expect(caught(() => ula(banana()(backend()), { step: 1, preconditioner: [[1, 2], [2, 1]] }))).toMatchObject({ tag: 'InvalidOption' })
      expect(caught(() => gaussian({ mean: [0], covariance: [1, 2] }))).toMatchObject({ where: 'gaussian: covariance' })
      const start = measureOrThrow(fromArrays([[0, 0, 0]], undefined, backend()))
      expect(caught(() => ula(banana()(backend()), { step: 1 }).init(key(1), start))).toMatchObject({ tag: 'DimensionMismatch' })
      disposeMeasure(start)
    })
  })
})
