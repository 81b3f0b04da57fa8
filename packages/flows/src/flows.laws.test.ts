import type { Backend } from '@monge/backend'
import { energy, gaussian, kernelNorm } from '@monge/kernels'
import { valueAndGradientIn } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { sinkhornDivergence } from '@monge/sinkhorn'
import { dispose } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, pairArbitrary, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import type { CloudPair } from '../../../tooling/testing/src/index.ts'
import { adam, backtracking, euler, gradientFlow, momentum, run } from './index.js'
import type { Flow, Motion } from './index.js'

const losses: readonly (readonly [string, (backend: Backend) => Loss])[] = [
  ['gaussian', kernelNorm(gaussian(1))],
  ['energy', kernelNorm(energy())],
  ['sinkhorn', sinkhornDivergence({ p: 2, blur: 0.5 })],
]
const smooth = losses.filter(([name]) => name !== 'energy')

const motions: readonly (readonly [string, (step: number) => Motion])[] = [
  ['euler', euler],
  ['momentum', momentum],
  ['adam', adam],
  ['backtracking', backtracking],
]

const near = { settings: ['near'], maxPoints: 4, dimension: { max: 2 } } as const
// Steps that are far too long take many halvings: few of those do.
const exponents = fc.oneof({ weight: 9, arbitrary: fc.integer({ min: -8, max: 4 }) }, fc.integer({ min: -8, max: 40 }))
const flowing = fc.record({ pair: pairArbitrary(near), step: fc.double({ min: 2 ** -10, max: 2 ** -4, noNaN: true }) })

eachBackend('gradient flows', (backend) => {
  /** Tries a law on two measures at the backend, and that it leaves no tensor behind. */
  const between = ({ mu, nu }: Pick<CloudPair, 'mu' | 'nu'>, body: (mu: Measure, nu: Measure) => void): void => {
    withoutLeaks(() => {
      const [from, to] = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
      try {
        body(from, to)
      } finally {
        disposeMeasure(from)
        disposeMeasure(to)
      }
    })
  }

  interface Seen {
    readonly value: number
    readonly points: readonly number[]
    readonly velocity: readonly number[]
    readonly time: number
  }

  const statesOf = <Memory>(flow: Flow<Memory>, mu: Measure, nu: Measure, steps: number): readonly Seen[] =>
    Array.from(run(flow, mu, nu, { steps }), ({ value, measure, velocity, time }) => ({
      value,
      points: Array.from(measure.points.dataSync()),
      velocity: Array.from(velocity.dataSync()),
      time,
    }))

  const expectClose = (actual: readonly number[], expected: readonly number[], allowed: number): void => {
    expect(actual.length).toBe(expected.length)
    actual.forEach((value, i) => expect(Math.abs(value - expected[i]), `entry ${i}: ${value} for ${expected[i]}`).toBeLessThan(allowed))
  }

  test('lowers a smooth loss by small steps', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...smooth), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const values = statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 2).map(({ value }) => value)
          const rounding = tolerance(backend(), { float64: 1e-13, float32: 2e-6 })
          values.slice(1).forEach((value, k) => expect(value).toBeLessThanOrEqual(values[k] + rounding))
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('never raises a loss by backtracking, whatever the first step', () => {
    fc.assert(
      fc.property(pairArbitrary(near), fc.constantFrom(...losses), exponents, (pair, [, loss], exponent) =>
        between(pair, (mu, nu) => {
          const flow = gradientFlow(loss(backend()), { motion: backtracking(2 ** exponent) })
          const values = statesOf(flow, mu, nu, 2).map(({ value }) => value)
          values.slice(1).forEach((value, k) => expect(value).toBeLessThanOrEqual(values[k]))
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('takes the Euler step x - step gradient / weight', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const [start, next] = statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 1)
          const { value, gradient } = valueAndGradientIn('mu')(loss(backend()))(mu, nu)
          const slopes = gradient.points.dataSync()
          const { points, weights, d } = toTyped(mu)
          const velocity = Array.from(slopes, (slope, i) => {
            const weight = weights[Math.floor(i / d)]
            return weight > 0 ? -slope / weight : 0
          })
          const unit = tolerance(backend(), { float64: 1e-15, float32: 1e-6 })
          const size = 1 + Math.max(...velocity.map(Math.abs))
          expect(start.value).toBe(value.dataSync()[0])
          expect(start.points).toEqual(Array.from(points))
          expectClose(start.velocity, velocity, unit * size)
          expectClose(next.points, start.points.map((x, i) => x + step * velocity[i]), 4 * unit * size)
          expect(next.time).toBe(step)
          dispose([value, gradient.points, gradient.weights])
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('commutes with translations', () => {
    const shift = fc.integer({ min: -4, max: 4 })
    fc.assert(
      fc.property(flowing, fc.constantFrom(...smooth), shift, ({ pair, step }, [, loss], by) => {
        const moved = ({ points, weights }: CloudPair['mu']) => ({ weights, points: points.map((row) => row.map((x) => x + by)) })
        const final = (mu: Measure, nu: Measure) => statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 2)[2].points
        between(pair, (mu, nu) =>
          between({ mu: moved(pair.mu), nu: moved(pair.nu) }, (farMu, farNu) => {
            const there = final(farMu, farNu).map((x) => x - by)
            expectClose(there, final(mu, nu), tolerance(backend(), { float64: 1e-12, float32: 2e-5 }))
          }),
        )
      }),
      { numRuns: runs(100) },
    )
  })

  test('leaves points without weight where they are, by any motion', () => {
    const pairs = pairArbitrary({ ...near, shapes: ['zero weights'] })
    fc.assert(
      fc.property(pairs, fc.constantFrom(...losses), fc.constantFrom(...motions), (pair, [, loss], [, motion]) =>
        between(pair, (mu, nu) => {
          const { points, weights, d } = toTyped(mu)
          const states = statesOf(gradientFlow(loss(backend()), { motion: motion(0.05) }), mu, nu, 2)
          for (const state of states) {
            expect(state.points.every(Number.isFinite) && state.velocity.every(Number.isFinite)).toBe(true)
            const resting = (__: number, i: number): boolean => weights[Math.floor(i / d)] === 0
            expect(state.points.filter(resting)).toEqual(Array.from(points).filter(resting))
          }
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('is Euler’s by momentum that decays at once', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const byMomentum = statesOf(gradientFlow(loss(backend()), { motion: momentum(step, 0) }), mu, nu, 2)
          expect(byMomentum).toEqual(statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 2))
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('begins with Adam’s step in each coordinate that moves at all', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const [start, next] = statesOf(gradientFlow(loss(backend()), { motion: adam(step) }), mu, nu, 1)
          start.velocity.forEach((speed, i) => {
            if (speed !== 0 && Math.abs(speed) < 1e-3) return
            const moved = next.points[i] - start.points[i]
            expect(Math.abs(moved - Math.sign(speed) * step)).toBeLessThan(1e-4 * step + 1e-6)
          })
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('is its step, repeated, by any motion', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), fc.constantFrom(...motions), ({ pair, step }, [, loss], [, motion]) =>
        between(pair, (mu, nu) => {
          const flow = gradientFlow(loss(backend()), { motion: motion(step) })
          const seen = statesOf(flow, mu, nu, 2)
          expect(statesOf(flow, mu, nu, 2)).toEqual(seen)
          const states = [flow.init(mu, nu)]
          for (let k = 0; k < 2; k++) states.push(flow.step(states[k]))
          expect(states.map(({ iteration }) => iteration)).toEqual([0, 1, 2])
          // All together, at the end: a step leaves the state before as it was.
          expect(states.map(({ value, measure }) => ({ value, points: Array.from(measure.points.dataSync()) }))).toEqual(
            seen.map(({ value, points }) => ({ value, points })),
          )
          dispose(states as never)
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('changes nothing of the caller’s', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const before = [toTyped(mu), toTyped(nu)]
          statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 1)
          expect([toTyped(mu), toTyped(nu)]).toEqual(before)
          expect([mu, nu].some(({ points, weights }) => points.isDisposed || weights.isDisposed)).toBe(false)
        }),
      ),
      { numRuns: runs(100) },
    )
  })

  test('takes one point halfway to another by half a step, and stays there', () => {
    const pair = { mu: { points: [[0, 0]], weights: [1] }, nu: { points: [[4, -2]], weights: [1] } }
    between(pair, (mu, nu) => {
      const states = statesOf(gradientFlow(sinkhornDivergence({ p: 2, blur: 1 })(backend()), { step: 0.5 }), mu, nu, 40)
      const [start, next] = states
      expectClose([start.value, ...next.points], [10, 2, -1], tolerance(backend(), { float64: 1e-12, float32: 1e-5 }))
      expectClose(states[40].points, [4, -2], tolerance(backend(), { float64: 1e-9, float32: 1e-5 }))
    })
  })
})
