import { tensorFrom } from '@monge/backend'
import { gaussian as gaussianKernel, kernelNorm } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { add, mul, slice, square, sub, sum } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { disposeState, gaussian, isDone, last, lbfgs, leavesOf, objectiveOf, run } from '../index.js'
import { strongWolfe } from './line-search.js'

/** Rosenbrock's valley, least at (1, 1). */
const valley = (x: Tensor): Scalar => {
  const [first, second] = [slice(x, 0, 1), slice(x, 1, 1)]
  return sum(add(square(sub(first, 1)), mul(square(sub(second, square(first))), 100)))
}

eachBackend('L-BFGS', (backend) => {
  const at = (values: readonly number[]): Tensor => backend().within(() => tensorFrom(values, [values.length]))

  test('comes down Rosenbrock’s valley', () =>
    withoutLeaks(() => {
      const start = at([-1.25, 1])
      const end = last(lbfgs(valley, { place: backend() }), start, { steps: 100, until: isDone })
      const allowed = tolerance(backend(), { float64: 1e-7, float32: 5e-2 })
      end.params.dataSync().forEach((x) => expect(Math.abs(x - 1)).toBeLessThan(allowed))
      expect(end.iteration).toBeLessThan(60)
      expect(end.status).not.toBe(backend().precision === 'float64' ? 'running' : undefined)
      expect(Array.from(start.dataSync())).toEqual([-1.25, 1])
      disposeState(end)
      start.dispose()
    }))

  test('never rises, and repeats itself', () => {
    const coordinate = fc.integer({ min: -32, max: 32 }).map((value) => value / 16)
    fc.assert(
      fc.property(coordinate, coordinate, (a, b) => {
        withoutLeaks(() => {
          const start = at([a, b])
          const path = (): readonly number[] => Array.from(run(lbfgs(valley, { place: backend(), memory: 2 }), start, { steps: 4 }), ({ value }) => value)
          const values = path()
          values.slice(1).forEach((value, i) => expect(value).toBeLessThanOrEqual(values[i] ?? NaN))
          expect(path()).toEqual(values)
          start.dispose()
        })
      }),
      { numRuns: runs(100) },
    )
  })

  test('ends a quadratic in as many steps as it has dimensions, or little more', () =>
    withoutLeaks(() => {
      const start = at([1, -2, 3])
      const scales = at([1, 4, 0.25])
      const quadratic = (x: Tensor): Scalar => sum(mul(scales, square(x)))
      const end = last(lbfgs(quadratic, { place: backend() }), start, { steps: 40, until: isDone })
      expect(end.iteration).toBeLessThan(16)
      expect(end.value).toBeLessThan(tolerance(backend(), { float64: 1e-14, float32: 1e-7 }))
      disposeState(end)
      ;[start, scales].forEach((tensor) => tensor.dispose())
    }))

  test('fits a Gaussian to a cloud with fixed noise', () =>
    withoutLeaks(() => {
      const target = measureOrThrow(fromArrays([[1, 0], [2, 1], [3, 0], [2, -1]], undefined, backend()))
      const generator = gaussian(2)(backend())
      const start = generator.init(key(1))
      const objective = objectiveOf({ generator, loss: kernelNorm(gaussianKernel(1))(backend()), target, count: 8, key: key(2) })
      const end = last(lbfgs(objective, { place: backend() }), start, { steps: 25, until: isDone })
      expect(end.value).toBeLessThan((end.history[0] ?? NaN) / 3)
      disposeState(end)
      disposeMeasure(target)
      return leavesOf(start)
    }))

  test('stays where the function is flat, and says so', () =>
    withoutLeaks(() => {
      const start = at([1, 1])
      const states = Array.from(run(lbfgs(valley, { place: backend() }), start, { steps: 2 }), ({ status, value, iteration }) => [status, value, iteration])
      expect(states).toEqual([['converged', 0, 0], ['converged', 0, 1], ['converged', 0, 2]])
      start.dispose()
    }))

  test('keeps as many pairs as it is told', () => {
    const start = at([-1.25, 1])
    const end = last(lbfgs(valley, { place: backend(), memory: 3 }), start, { steps: 7 })
    expect(end.memory).toHaveLength(3)
    disposeState(end)
    start.dispose()
  })

  test('forgets its memory where no step lowers the value, and is stuck where that does not help', () =>
    withoutLeaks(() => {
      const start = at([-1.25, 1])
      let wall = 0
      const walled = (x: Tensor): Scalar => add(valley(x), wall)
      const descent = lbfgs(walled, { place: backend(), evaluations: 6 })
      const before = last(descent, start, { steps: 3 })
      expect(before.memory.length).toBeGreaterThan(0)
      // From here on every other point is a million higher.
      wall = 1e6
      const forgetful = descent.step(before)
      expect(forgetful.memory).toHaveLength(0)
      expect(forgetful.status).toBe('running')
      const stuck = descent.step(forgetful)
      expect(stuck.status).toBe('stuck')
      expect(Array.from(stuck.params.dataSync())).toEqual(Array.from(before.params.dataSync()))
      ;[before, forgetful, stuck].forEach(disposeState)
      start.dispose()
    }))

  test('refuses to start where there is no value', () =>
    withoutLeaks(() => {
      const start = at([1, 1])
      const nowhere = (x: Tensor): Scalar => sum(mul(x, tensorFrom([NaN], [])))
      expect(() => lbfgs(nowhere, { place: backend() }).init(start)).toThrow(expect.objectContaining({ tag: 'Diverged', where: 'lbfgs' }))
      expect(() => lbfgs(valley, { place: backend(), memory: 0 })).toThrow(expect.objectContaining({ where: 'lbfgs: memory' }))
      start.dispose()
    }))
})

test('a strong Wolfe search keeps its conditions', () => {
  // Cubics and worse that fall at 0.
  const shapes = fc.record({
    slope: fc.double({ min: -4, max: -0.1, noNaN: true }),
    square: fc.double({ min: -2, max: 4, noNaN: true }),
    fourth: fc.double({ min: 0.01, max: 2, noNaN: true }),
    first: fc.double({ min: 1e-3, max: 1e3, noNaN: true }),
    decrease: fc.constantFrom(1e-4, 0.1, 0.4),
  })
  fc.assert(
    fc.property(shapes, ({ slope, square: second, fourth, first, decrease }) => {
      const probe = (step: number) => ({
        step,
        value: step > 1e2 ? NaN : slope * step + second * step ** 2 + fourth * step ** 4,
        slope: step > 1e2 ? NaN : slope + 2 * second * step + 4 * fourth * step ** 3,
      })
      const curvature = 0.9
      const found = strongWolfe(probe(0), first, probe, { decrease, curvature, evaluations: 60 })
      expect(found).toBeDefined()
      if (found === undefined) return
      expect(found.value).toBeLessThanOrEqual(decrease * found.step * slope)
      expect(Math.abs(found.slope)).toBeLessThanOrEqual(-curvature * slope)
    }),
  )
})

test('a strong Wolfe search finds the least of a parabola at its second probe, where the first went too far', () => {
  const lowest = fc.double({ min: 0.15, max: 0.45, noNaN: true })
  fc.assert(
    fc.property(lowest, fc.double({ min: 0.1, max: 10, noNaN: true }), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (least, bend, first) => {
      const steps: number[] = []
      const probe = (step: number) => {
        steps.push(step)
        return { step, value: bend * step * (step - 2 * least * first), slope: 2 * bend * (step - least * first) }
      }
      const origin = { step: 0, value: 0, slope: -2 * bend * least * first }
      const found = strongWolfe(origin, first, probe, { decrease: 1e-4, curvature: 1e-3, evaluations: 20 })
      expect(steps).toHaveLength(2)
      expect(Math.abs((found?.step ?? NaN) / (least * first) - 1)).toBeLessThanOrEqual(1e-9)
    }),
  )
})
