import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dataOf } from './data.js'
import { fileName } from './file-name.js'
import type { Recorded } from './data.js'
import type { Frame, Page } from '../experiment.js'

const page: Page = {
  id: 'some-page',
  title: 'Some page',
  about: [],
  source: 'examples/some-page',
  controls: [],
  curves: [],
  readings: [],
  mode: 'run',
  backends: ['simd'],
  draw: (_, __, { width, height }) => ({ width, height, title: 'Some page', marks: [] }),
}

const frameOf = (step: number, values: readonly number[]): Frame => ({
  step,
  clouds: { one: { points: Float32Array.from(values), dimension: 2 } },
  readings: { loss: 1 / (step + 1) },
})

const recorded = (history: readonly Frame[], frame: Frame): Recorded => ({
  page,
  settings: { seed: 3, debiased: true },
  backend: 'simd',
  frame,
  history,
})

describe('the data of an experiment', () => {
  test('tell what was set, what was read along the way, and where the points are', () => {
    const frames = [0, 1, 2].map((step) => frameOf(step, [0.1, 0.25, step, 1]))
    expect(JSON.parse(JSON.stringify(dataOf(recorded(frames, frameOf(2, [0.1, 0.25, 2, 1])))))).toEqual({
      experiment: 'some-page',
      title: 'Some page',
      settings: { seed: 3, debiased: true },
      backend: 'simd',
      step: 2,
      readings: { loss: 1 / 3 },
      history: { steps: [0, 1, 2], readings: { loss: [1, 1 / 2, 1 / 3] } },
      clouds: {
        one: {
          points: [
            [0.1, 0.25],
            [2, 1],
          ],
        },
      },
    })
  })

  test('hold every float32 exactly, and what is none as null', () => {
    fc.assert(
      fc.property(fc.array(fc.float(), { minLength: 1, maxLength: 20 }), (values) => {
        const cloud = { points: Float32Array.from(values), dimension: 1, weights: Float32Array.from(values) }
        const { clouds } = dataOf(recorded([], { step: 0, clouds: { cloud }, readings: {} }))
        const read = JSON.parse(JSON.stringify(clouds)) as {
          readonly cloud: { readonly points: readonly (readonly (number | null)[])[]; readonly weights: unknown }
        }
        const expected = values.map((value) => (Number.isFinite(value) ? value + 0 : null))
        expect(read.cloud.points.map(([value]) => (typeof value === 'number' ? Math.fround(value) : null))).toEqual(expected)
        expect(read.cloud.weights).toEqual(read.cloud.points.flat())
      }),
    )
  })

  test('without a reading at an earlier step say so', () => {
    const early: Frame = { step: 0, clouds: {}, readings: {} }
    expect(dataOf(recorded([early], frameOf(1, []))).history.readings).toEqual({ loss: [NaN] })
  })
})

describe('the name of a file', () => {
  test('says what it is of', () => {
    expect(fileName('gradient-flows', 120, 'svg')).toBe('monge-gradient-flows-120.svg')
    expect(fileName('gradient-flows', undefined, 'gif')).toBe('monge-gradient-flows.gif')
  })
})
