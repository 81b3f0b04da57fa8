import { isMongeError } from '@monge/errors'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { key } from '@monge/random'
import { add, dispose, fill, greater, memory, mul, ones, reshape, slice, square, sum, where, zeros, zerosLike } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend } from '../../../tooling/testing/src/index.ts'
import { gradientAt } from './field.js'
import { adapted, fromFunction, isDivergedError, last, mala, parallelTempering, randomWalk, run, sgld, svgd, ula, underdamped } from './index.js'
import type { Potential, Sampler } from './index.js'

eachBackend('a sampler', (backend) => {
  const sound = (points: Tensor2D) => mul(sum(square(points), 1), 0.5)
  const samplers: readonly (readonly [string, (potential: Potential) => Sampler])[] = [
    ['ula', (potential) => ula(potential, { step: 0.1 })],
    ['mala', (potential) => mala(potential, { step: 0.1 })],
    ['randomWalk', (potential) => randomWalk(potential, { step: 0.1 })],
    ['underdamped', (potential) => underdamped(potential, { step: 0.1 })],
    ['adapted mala', (potential) => adapted((step) => mala(potential, { step }), { step: 0.1, iterations: 3 })],
    ['parallelTempering', (potential) => parallelTempering(potential, { temperatures: [1, 2, 4], step: 0.1 })],
    ['svgd', (potential) => svgd(potential, { step: 0.1 })(backend())],
    [
      'sgld',
      (potential) => {
        const batchGradient = (points: Float64Array, dimension: number) => gradientAt(potential, points, dimension)
        return sgld({ ...potential, terms: 1, batchGradient }, { step: 0.1, batch: 1 })
      },
    ],
  ]
  const faults: readonly (readonly [string, (points: Tensor2D) => ReturnType<typeof sound>])[] = [
    ['is not a number', (points) => mul(sound(points), NaN)],
    ['is of the wrong shape', () => ones([7])],
    [
      'throws',
      () => {
        throw new Error('mine')
      },
    ],
  ]

  describe.each(faults)('of a potential that %s', (_, broken) => {
    test.each(samplers)('%s throws, now or later, leaves no tensor behind, and samples the next one as ever', (__, make) => {
      const start = measureOrThrow(fromArrays([[0, 1], [1, 2]], undefined, backend()))
      const sampled = () => {
        const state = last(make(fromFunction({ value: sound })(backend())), key(1), start, { steps: 3 })
        const points = Array.from(state.measure.points.dataSync())
        dispose([state.measure.points, state.measure.weights])
        return points
      }
      const before = sampled()
      const tensors = memory().numTensors
      for (const after of [0, 2]) {
        let calls = 0
        const value = (points: Tensor2D) => (calls++ < after ? sound(points) : broken(points))
        const fault = (() => {
          try {
            const state = last(make(fromFunction({ value })(backend())), key(1), start, { steps: 6 })
            dispose([state.measure.points, state.measure.weights])
            return 'none'
          } catch (error) {
            return isMongeError(error) ? error.tag : String(error)
          }
        })()
        expect(fault).toMatch(/^(Diverged|DimensionMismatch|Error: mine)$/)
        expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
      }
      expect(sampled()).toEqual(before)
      disposeMeasure(start)
    })
  })

  describe.each([
    ['mala', mala],
    ['randomWalk', randomWalk],
  ])('%s', (_, make) => {
    const sampled = (functions: { value: (x: Tensor2D) => Tensor; gradient?: (x: Tensor2D) => Tensor }) => {
      // The second chain starts 0.1 from where the potential is broken: x > 1.
      const start = measureOrThrow(fromArrays([[-1e4, 0], [0.9, 0]], undefined, backend()))
      const tensors = memory().numTensors
      const states: number[][] = []
      try {
        const sampler = make(fromFunction(functions)(backend()), { step: 0.3 })
        for (const { state } of run(sampler, key(3), start, { steps: 30 })) states.push([...state.measure.points.dataSync()])
        return { states, error: undefined }
      } catch (error) {
        return { states, error }
      } finally {
        expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
        disposeMeasure(start)
      }
    }
    const flat = (points: Tensor2D) => zeros([points.shape[0]])
    /** 0 where x <= 1, else that number. */
    const beyond = (points: Tensor2D, number: number) => {
      const x = slice(points, [0, 0], [points.shape[0], 1])
      return where(greater(x, 1), fill(x.shape, number), zerosLike(x))
    }
    const column = (points: Tensor2D, number: number) => reshape(beyond(points, number), [points.shape[0]])

    test.each([
      ['NaN', NaN],
      ['-Infinity', -Infinity],
    ])('where the potential is %s at a proposal, says so, in which chain and when', (name, number) => {
      const { states, error } = sampled({ value: (x) => column(x, number), gradient: zerosLike })
      if (!isDivergedError(error)) throw new Error('expected another error', { cause: error })
      expect(error.chain).toBe(1)
      expect(error.iteration).toBe(states.length + 1)
      expect(error.message).toContain(`the potential is ${name} in chain 1 at iteration ${error.iteration}`)
    })

    test('where the gradient is NaN at a proposal, says so, in which chain and when', () => {
      const { states, error } = sampled({ value: flat, gradient: (x) => add(zerosLike(x), beyond(x, NaN)) })
      if (!isDivergedError(error)) throw new Error('expected another error', { cause: error })
      expect(error.chain).toBe(1)
      expect(error.iteration).toBe(states.length + 1)
      expect(error.message).toContain('the gradient is NaN')
    })

    test('where the potential is infinite at a proposal, refuses it, whatever the gradient there, and goes on', () => {
      const { states, error } = sampled({
        value: (x) => column(x, Infinity),
        gradient: (x) => add(zerosLike(x), beyond(x, NaN)),
      })
      expect(error).toBeUndefined()
      expect(states).toHaveLength(30)
      const second = states.map((points) => points[2] ?? NaN)
      expect(second.every((x) => x <= 1)).toBe(true)
      const rests = second.filter((x, t) => x === second[t - 1])
      expect(rests.length, 'proposals refused').toBeGreaterThan(0)
      expect(new Set(second).size, 'places').toBeGreaterThan(5)
    })
  })
})
