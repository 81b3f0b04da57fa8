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

const near = { settings: ['near'], maxPoints: 6 } as const
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

  test.each(smooth)('lowers %s by small steps', (_, loss) => {
    fc.assert(
      fc.property(flowing, ({ pair, step }) =>
        between(pair, (mu, nu) => {
          const values = statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 5).map(({ value }) => value)
          const rounding = tolerance(backend(), { float64: 1e-13, float32: 2e-6 })
          values.slice(1).forEach((value, k) => expect(value).toBeLessThanOrEqual(values[k] + rounding))
        }),
      ),
      { numRuns: runs(10) },
    )
  })

  test.each(losses)('never raises %s by backtracking, whatever the first step', (_, loss) => {
    fc.assert(
      fc.property(pairArbitrary(near), fc.integer({ min: -8, max: 40 }), (pair, exponent) =>
        between(pair, (mu, nu) => {
          const flow = gradientFlow(loss(backend()), { motion: backtracking(2 ** exponent) })
          const values = statesOf(flow, mu, nu, 3).map(({ value }) => value)
          values.slice(1).forEach((value, k) => expect(value).toBeLessThanOrEqual(values[k]))
        }),
      ),
      { numRuns: runs(8) },
    )
  })

  test.each(losses)('takes the Euler step x - step gradient / weight under %s', (_, loss) => {
    fc.assert(
      fc.property(flowing, ({ pair, step }) =>
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
      { numRuns: runs(10) },
    )
  })

  test.each(smooth)('commutes with translations under %s', (_, loss) => {
    const shift = fc.integer({ min: -4, max: 4 })
    fc.assert(
      fc.property(flowing, shift, ({ pair, step }, by) => {
        const moved = ({ points, weights }: CloudPair['mu']) => ({ weights, points: points.map((row) => row.map((x) => x + by)) })
        const final = (mu: Measure, nu: Measure) => statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 3)[3].points
        between(pair, (mu, nu) =>
          between({ mu: moved(pair.mu), nu: moved(pair.nu) }, (farMu, farNu) => {
            const there = final(farMu, farNu).map((x) => x - by)
            expectClose(there, final(mu, nu), tolerance(backend(), { float64: 1e-12, float32: 2e-5 }))
          }),
        )
      }),
      { numRuns: runs(10) },
    )
  })

  test.each(motions)('leaves points without weight where they are, by %s', (_, motion) => {
    const pairs = pairArbitrary({ ...near, shapes: ['zero weights'] })
    fc.assert(
      fc.property(pairs, fc.constantFrom(...losses), (pair, [, loss]) =>
        between(pair, (mu, nu) => {
          const { points, weights, d } = toTyped(mu)
          const states = statesOf(gradientFlow(loss(backend()), { motion: motion(0.05) }), mu, nu, 3)
          for (const state of states) {
            expect(state.points.every(Number.isFinite) && state.velocity.every(Number.isFinite)).toBe(true)
            const resting = (__: number, i: number): boolean => weights[Math.floor(i / d)] === 0
            expect(state.points.filter(resting)).toEqual(Array.from(points).filter(resting))
          }
        }),
      ),
      { numRuns: runs(10) },
    )
  })

  test('is Euler’s by momentum that decays at once', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const byMomentum = statesOf(gradientFlow(loss(backend()), { motion: momentum(step, 0) }), mu, nu, 3)
          expect(byMomentum).toEqual(statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 3))
        }),
      ),
      { numRuns: runs(10) },
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
      { numRuns: runs(10) },
    )
  })

  test.each(motions)('is its step, repeated, by %s', (_, motion) => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const flow = gradientFlow(loss(backend()), { motion: motion(step) })
          const seen = statesOf(flow, mu, nu, 3)
          expect(statesOf(flow, mu, nu, 3)).toEqual(seen)
          const states = [flow.init(mu, nu)]
          for (let k = 0; k < 3; k++) states.push(flow.step(states[k]))
          expect(states.map(({ iteration }) => iteration)).toEqual([0, 1, 2, 3])
          // All together, at the end: a step leaves the state before as it was.
          expect(states.map(({ value, measure }) => ({ value, points: Array.from(measure.points.dataSync()) }))).toEqual(
            seen.map(({ value, points }) => ({ value, points })),
          )
          dispose(states as never)
        }),
      ),
      { numRuns: runs(10) },
    )
  })

  test('changes nothing of the caller’s', () => {
    fc.assert(
      fc.property(flowing, fc.constantFrom(...losses), ({ pair, step }, [, loss]) =>
        between(pair, (mu, nu) => {
          const before = [toTyped(mu), toTyped(nu)]
          statesOf(gradientFlow(loss(backend()), { step }), mu, nu, 2)
          expect([toTyped(mu), toTyped(nu)]).toEqual(before)
          expect([mu, nu].some(({ points, weights }) => points.isDisposed || weights.isDisposed)).toBe(false)
        }),
      ),
      { numRuns: runs(10) },
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
