import { expect, test } from 'vitest'
import { lawAfter, samplerNames } from './theory.js'

test.each(samplerNames)('the law of %s begins with the square and ends at the target, but for the bias of ULA', (sampler) => {
  const first = lawAfter(0.1, 0, sampler)
  first.mean.forEach((value) => expect(value).toBeCloseTo(0, 12))
  expect(first.variance).toBeCloseTo(100 / 3, 12)
  const last = lawAfter(0.1, 2000, sampler)
  expect(last.mean[0]).toBeCloseTo(7, 9)
  expect(last.mean[1]).toBeCloseTo(-4, 9)
  expect(last.variance).toBeCloseTo(sampler === 'ULA' ? 1 / 0.95 : 1, 9)
})
