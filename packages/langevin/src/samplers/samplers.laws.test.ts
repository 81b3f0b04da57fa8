import { fromArrays, measureOrThrow, toTyped, disposeMeasure, fromTypedArray } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key, normal, uniform } from '@monge/random'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import {
  ball,
  banana,
  box,
  copyState,
  disposeState,
  gaussian,
  isDivergedError,
  langevinProposal,
  last,
  mala,
  metropolisRatio,
  metropolize,
  projected,
  randomWalk,
  randomWalkProposal,
  reflected,
  resume,
  run,
  runAsync,
  ula,
  underdamped,
} from '../index.js'
import type { ChainState, Position, Potential, Sampler } from '../index.js'

const covariance = [
  [2, 0.6],
  [0.6, 0.5],
]

const samplers: readonly (readonly [string, (potential: Potential) => Sampler])[] = [
  ['ula', (potential) => ula(potential, { step: 0.1 })],
  ['ula, preconditioned', (potential) => ula(potential, { step: 0.1, preconditioner: covariance })],
  ['ula in a ball', (potential) => ula(potential, { step: 0.1, constraint: projected(ball({ centre: [0, 0], radius: 2 })) })],
  ['mala', (potential) => mala(potential, { step: 0.5 })],
  ['mala, preconditioned', (potential) => mala(potential, { step: 0.5, preconditioner: covariance })],
  ['randomWalk', (potential) => randomWalk(potential, { step: 0.5 })],
  ['underdamped', (potential) => underdamped(potential, { step: 0.2 })],
]

eachBackend('samplers', (backend) => {
  const started = (count: number, spread = 1): Measure =>
    measureOrThrow(fromTypedArray(uniform({ low: -spread, high: spread }, 2 * count)(key(7)), 2, undefined, backend()))
  const pointsOf = ({ measure }: Pick<ChainState, 'measure'>): Float64Array => Float64Array.from(measure.points.dataSync())
  const endOf = (sampler: Sampler, start: Measure, steps: number, seed = 1): Float64Array => {
    const state = last(sampler, key(seed), start, { steps })
    const points = pointsOf(state)
    disposeState(state)
    return points
  }

  describe.each(samplers)('%s', (_, make) => {
    test('draws the same from the same key, and other numbers from another', () => {
      const [sampler, start] = [make(banana()(backend())), started(5)]
      expect(endOf(sampler, start, 3)).toEqual(endOf(sampler, start, 3))
      expect(endOf(sampler, start, 3)).not.toEqual(endOf(sampler, start, 3, 2))
      disposeMeasure(start)
    })

    test('goes on from a state as if it had never stopped, bit for bit', () => {
      const [sampler, start] = [make(banana()(backend())), started(4)]
      const middle = last(sampler, key(1), start, { steps: 3 })
      for (const { state } of resume(sampler, middle, { steps: 2, burnIn: 1 })) {
        expect(state.iteration).toBe(5)
        expect(pointsOf(state)).toEqual(endOf(sampler, start, 5))
      }
      // It has not been freed, and can be gone on from again.
      expect(Array.from(resume(sampler, middle, { steps: 2, burnIn: 1 }), ({ state }) => pointsOf(state))).toEqual([
        endOf(sampler, start, 5),
      ])
      disposeState(middle)
      disposeMeasure(start)
    })

    test('leaves no tensor behind, and the start as it was', () =>
      withoutLeaks(() => {
        const start = started(3)
        const before = toTyped(start)
        const kept = Array.from(run(make(banana()(backend())), key(1), start, { steps: 3 }), ({ state }) => copyState(state))
        for (const { state } of run(make(banana()(backend())), key(1), start)) if (state.iteration === 2) break
        expect(toTyped(start)).toEqual(before)
        return [start, kept.map(({ measure }) => measure)]
      }))

    test('neither changes nor frees a state that it steps from', () => {
      const [sampler, start] = [make(banana()(backend())), started(3)]
      const state = sampler.init(key(1), start)
      const before = JSON.stringify({ ...state, measure: toTyped(state.measure) })
      const [first, second] = [sampler.step(state).state, sampler.step(state).state]
      expect(JSON.stringify({ ...state, measure: toTyped(state.measure) })).toBe(before)
      expect(pointsOf(first)).toEqual(pointsOf(second))
      disposeMeasure(start)
    })

    test('keeps the weights', () => {
      const start = measureOrThrow(fromArrays([[0, 0], [1, 1]], [0.25, 0.75], backend()))
      const state = last(make(banana()(backend())), key(1), start, { steps: 2 })
      expect(toTyped(state.measure).weights).toEqual(toTyped(start).weights)
      disposeState(state)
      disposeMeasure(start)
    })
  })

  test('ula without noise is gradient descent', () => {
    const start = started(4)
    const descent = ula(gaussian({ mean: [1, 2] })(backend()), { step: 0.25, temperature: 0 })
    const points = endOf(descent, start, 2)
    toTyped(start).points.forEach((x, i) => {
      const mean = i % 2 === 0 ? 1 : 2
      expect(points[i]).toBeCloseTo(mean + 0.75 ** 2 * (x - mean), tolerance(backend(), { float64: 12, float32: 5 }))
    })
    disposeMeasure(start)
  })

  test('chains of ula that share their noise come together by 1 - h m at every step', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.05, max: 0.9, noNaN: true }), fc.double({ min: 0.2, max: 1, noNaN: true }), (step, convexity) => {
        const variance = 1 / convexity
        const sampler = ula(gaussian({ mean: [0, 0], covariance: variance })(backend()), { step })
        const [left, right] = [started(1), measureOrThrow(fromArrays([[4, -3]], undefined, backend()))]
        const [a, b] = [toTyped(left).points, toTyped(right).points]
        const [c, d] = [endOf(sampler, left, 1), endOf(sampler, right, 1)]
        for (const axis of [0, 1])
          expect((d[axis] as number) - (c[axis] as number)).toBeCloseTo(
            (1 - step * convexity) * ((b[axis] as number) - (a[axis] as number)),
            tolerance(backend(), { float64: 10, float32: 4 }),
          )
        disposeMeasure(left)
        disposeMeasure(right)
      }),
      { numRuns: runs(100) },
    )
  })

  test('the Metropolis ratio is antisymmetric, to the last bit', () => {
    const potential = banana()(backend())
    const proposal = langevinProposal({ step: 0.3, preconditioner: covariance })
    fc.assert(
      fc.property(fc.tuple(fc.integer(), fc.integer()), ([one, other]) => {
        const position = (seed: number): Position => {
          const points = normal(6)(key(seed))
          const [gradient, value] = [new Float64Array(6), new Float64Array(3)]
          potential.onHost?.(points, 2, gradient, value)
          return { points, gradient, value, dimension: 2 }
        }
        const [x, y] = [position(one), position(other)]
        const there = metropolisRatio(proposal)(x, y)
        expect(metropolisRatio(proposal)(y, x)).toEqual(there.map((ratio) => 0 - ratio))
      }),
      { numRuns: runs(100) },
    )
  })

  test('a Metropolis chain of a proposal is the sampler of that name, bit for bit', () => {
    const start = started(4)
    const cases = [
      [mala, langevinProposal],
      [randomWalk, randomWalkProposal],
    ] as const
    fc.assert(
      fc.property(fc.constantFrom(...cases), fc.integer({ min: 1, max: 8 }), fc.nat({ max: 99 }), ([named, proposal], eighths, seed) => {
        const [potential, options] = [banana()(backend()), { step: eighths / 8, preconditioner: covariance }]
        expect(endOf(metropolize(proposal(options))(potential), start, 3, seed)).toEqual(endOf(named(potential, options), start, 3, seed))
      }),
      { numRuns: runs(100) },
    )
    disposeMeasure(start)
  })

  test('a random walk proposes the same way to go wherever it is, and as far as the root of the step', () => {
    const walk = fc.tuple(fc.integer({ min: 1, max: 8 }), fc.nat({ max: 99 }), fc.integer({ min: -9, max: 9 }))
    fc.assert(
      fc.property(walk, ([eighths, seed, shift]) => {
        const way = (step: number, at: number): Float64Array => {
          const field = { value: new Float64Array(3), gradient: new Float64Array(6).fill(at), dimension: 2 }
          const points = new Float64Array(6).fill(at)
          return randomWalkProposal({ step, preconditioner: covariance }).propose(key(seed), { points, ...field }).map((x) => x - at)
        }
        const here = way(eighths / 8, 0)
        way(eighths / 8, shift).forEach((length, i) => expect(length).toBeCloseTo(here[i] as number, 10))
        way(eighths / 2, 0).forEach((length, i) => expect(length).toBeCloseTo(2 * (here[i] as number), 10))
        expect(randomWalkProposal({ step: eighths }).logDensity).toBeUndefined()
      }),
      { numRuns: runs(100) },
    )
  })

  test('a run that gives way hands out what another does, whatever is passed over', async () => {
    const start = started(3)
    const sampler = ula(banana()(backend()), { step: 0.1 })
    const choices = fc.record({ steps: fc.nat({ max: 9 }), burnIn: fc.nat({ max: 4 }), thin: fc.integer({ min: 1, max: 3 }) })
    await fc.assert(
      fc.asyncProperty(choices, fc.nat({ max: 99 }), async (options, seed) => {
        const points: Float64Array[] = []
        for await (const { state } of runAsync(sampler, key(seed), start, options, 0)) points.push(pointsOf(state))
        expect(points).toEqual(Array.from(run(sampler, key(seed), start, options), ({ state }) => pointsOf(state)))
      }),
      { numRuns: runs(100) },
    )
    disposeMeasure(start)
  })

  test('a rejected step returns the identical state', () => {
    const start = started(6)
    // Of such steps from near the middle, next to none is accepted.
    const sampler = mala(gaussian({ mean: [0, 0], covariance: 0.01 })(backend()), { step: 0.02 })
    let [kept, gone] = [0, 0]
    let before = toTyped(start).points
    for (const { state, info } of run(sampler, key(3), start, { steps: 12 })) {
      const points = toTyped(state.measure).points
      info.accepted.forEach((accepted, chain) => {
        const same = [0, 1].every((axis) => points[2 * chain + axis] === before[2 * chain + axis])
        if (accepted === 1) gone += 1
        else kept += 1
        expect(same).toBe(accepted === 0)
      })
      before = points
    }
    expect(Math.min(kept, gone)).toBeGreaterThan(3)
    const state = sampler.init(key(1), start)
    const refusing = mala(gaussian({ mean: [0, 0], covariance: 1e-6 })(backend()), { step: 1 })
    const next = refusing.step({ ...state, value: state.value.map(() => 0) }).state
    expect(next).toEqual({ ...next, measure: state.measure, value: next.value, iteration: 1 })
    expect(next.measure.points).toBe(state.measure.points)
    disposeState(state)
    disposeMeasure(start)
  })

  test.each([
    ['projected', projected(box({ low: [-1, -0.5], high: [1, Infinity] }))],
    ['reflected', reflected(box({ low: [-1, -0.5], high: [1, 0.5] }))],
    ['projected', projected(ball({ centre: [0, 0], radius: 1 }))],
    ['reflected', reflected(ball({ centre: [0, 0], radius: 1 }))],
  ])('%s particles stay inside', (_, constraint) => {
    const start = started(8, 0.4)
    const sampler = ula(gaussian({ mean: [2, 2] })(backend()), { step: 0.5, constraint })
    for (const { state } of run(sampler, key(5), start, { steps: 10 })) {
      const points = pointsOf(state)
      for (let i = 0; i < points.length; i += 2)
        expect(constraint.domain.contains(points.subarray(i, i + 2).map((x) => x * (1 - 1e-6)))).toBe(true)
    }
    disposeMeasure(start)
  })

  test('a chain that leaves the numbers is told of, with when and where', () =>
    withoutLeaks(() => {
      const start = measureOrThrow(fromArrays([[0.01, 0], [1e12, 0]], undefined, backend()))
      const runaway = run(ula(banana()(backend()), { step: 0.001 }), key(1), start, { steps: 50 })
      const caught = ((): unknown => {
        try {
          for (const { state } of runaway) expect(pointsOf(state).every(Number.isFinite)).toBe(true)
          return undefined
        } catch (error) {
          return error
        }
      })()
      expect(isDivergedError(caught) && caught.chain).toBe(1)
      expect(isDivergedError(caught) && caught.iteration).toBeGreaterThan(0)
      expect(caught).toMatchObject({ tag: 'Diverged', where: 'ula', message: expect.stringContaining('in chain 1 at iteration') })
      return start
    }))

  test('without friction or noise, energy is kept to the order of the squared step', () => {
    const start = started(3)
    const errors = [0.1, 0.05].map((step) => {
      const sampler = underdamped(gaussian({ mean: [0, 0] })(backend()), { step, friction: 0 })
      let most = 0
      for (const { info } of run(sampler, key(1), start, { steps: Math.round(2 / step) }))
        most = Math.max(most, ...info.energyError.map(Math.abs))
      return most / step
    })
    expect((errors[0] as number) / (errors[1] as number)).toBeGreaterThan(3)
    disposeMeasure(start)
  })
})
