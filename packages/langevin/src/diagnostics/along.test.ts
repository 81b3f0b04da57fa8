import { sinkhornDivergence } from '@monge/sinkhorn'
import { fromArrays, measureOrThrow } from '@monge/measures'
import { memory } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend } from '../../../../tooling/testing/src/index.ts'
import { lossAlong, scoredBy } from './index.js'

eachBackend('along a run', (backend) => {
  test('the divergence to the reference is told at every so many states, and lazily', () => {
    const at = (place: number) => measureOrThrow(fromArrays([[place, 0], [place, 1]], undefined, backend()))
    const states = [4, 3, 2, 1, 0].map((place, iteration) => ({ iteration, measure: at(place) }))
    const before = memory().numTensors
    const loss = sinkhornDivergence({ p: 2, blur: 0.01 })(backend())
    const reference = states[4]?.measure ?? at(0)
    const told = [...lossAlong(loss, { every: 2 })(reference)(states)]
    expect(told.map(({ iteration }) => iteration)).toEqual([0, 2, 4])
    ;[8, 2, 0].forEach((value, index) => expect(told[index]?.value).toBeCloseTo(value, 3))
    expect(memory().numTensors).toBe(before)
    const endless = { *[Symbol.iterator]() { for (;;) yield { iteration: 0, measure: reference } } }
    for (const { value } of lossAlong(loss)(reference)(endless)) {
      expect(value).toBeCloseTo(0, 3)
      break
    }
  })

  test('scores are minus the potential’s gradient', () => {
    const measure = measureOrThrow(fromArrays([[1, 2], [3, 4]], undefined, backend()))
    const before = memory().numTensors
    const scored = scoredBy({ place: backend(), gradient: (points) => points.clone() })(measure)
    expect(scored.dimension).toBe(2)
    expect(Array.from(scored.scores)).toEqual([-1, -2, -3, -4])
    expect(memory().numTensors).toBe(before)
  })
})
