import { referenceBackend } from '@monge/backend-reference'
import { energy, kernelNorm } from '@monge/kernels'
import { checkLaws, divergenceLaws } from '@monge/laws'
import { measureMatchers } from '@monge/laws/matchers'
import { fromArrays, measureOrThrow } from '@monge/measures'

/* global describe, expect, test */
expect.extend(measureMatchers)

// Fewer runs: they are to pass in jest, on laws that are tried elsewhere
const parameters = { numRuns: 20, seed: 1 }
const norm = kernelNorm(energy())(await referenceBackend())

describe('the energy norm', () => checkLaws(divergenceLaws(norm, { homogeneous: 1 }), { test, parameters }))

test('a measure of tensors', () => {
  const measure = measureOrThrow(fromArrays([[0], [1]], [0.25, 0.75]))
  expect(measure).toBeMeasure({ mass: 1 })
  expect(measure).toBeCloseToMeasure({ points: [[1], [0]], weights: [0.75, 0.25] })
  expect([[0.25, 0], [0.25, 0.5]]).toHaveMarginals([0.25, 0.75], [0.5, 0.5])
  expect([[0.25, 0], [0.25, 0.5]]).not.toHaveMarginals([0.5, 0.5], [0.5, 0.5])
})
