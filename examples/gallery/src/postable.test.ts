import { expect, test } from 'vitest'
import { postable } from './postable.js'

const frame = {
  step: 3,
  clouds: { flow: { points: Float32Array.of(1, 2, 3, 4), dimension: 2 } },
  readings: { loss: 0.5 },
  extra: { grids: [Float64Array.of(1), Int32Array.of(2)], words: 'all', nothing: undefined, none: null },
}

test('what is posted says the same', () => {
  expect(postable(frame).value).toEqual(frame)
})

test('what is posted shares no memory with what was handed out, even after it has gone over', () => {
  const shared = Float32Array.of(1, 2, 3)
  const { value, transfers } = postable({ once: shared, again: shared.subarray(1) })
  expect(transfers).toHaveLength(2)
  const arrived = structuredClone(value, { transfer: [...transfers] }) as { readonly once: Float32Array; readonly again: Float32Array }
  expect([...arrived.once, ...arrived.again]).toEqual([1, 2, 3, 2, 3])
  shared.fill(0)
  expect([...shared]).toEqual([0, 0, 0])
  expect([...arrived.once]).toEqual([1, 2, 3])
})
