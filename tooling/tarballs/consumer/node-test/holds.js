import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { referenceBackend } from '@monge/backend-reference'
import { energy, kernelNorm } from '@monge/kernels'
import { checkLaws, divergenceLaws } from '@monge/laws'
import { assertCloseToMeasure, assertMarginals, assertMeasure } from '@monge/laws/matchers'
import { fromArrays, measureOrThrow } from '@monge/measures'

// Fewer runs: they are to pass under node:test, on laws that are tried elsewhere
const parameters = { numRuns: 20, seed: 1 }
const norm = kernelNorm(energy())(await referenceBackend())

describe('the energy norm', () => checkLaws(divergenceLaws(norm, { homogeneous: 1 }), { test, parameters }))

test('a measure of tensors', () => {
  const measure = measureOrThrow(fromArrays([[0], [1]], [0.25, 0.75]))
  assertMeasure(measure, { mass: 1 })
  assertCloseToMeasure(measure, { points: [[1], [0]], weights: [0.75, 0.25] })
  assertMarginals([[0.25, 0], [0.25, 0.5]], [0.25, 0.75], [0.5, 0.5])
  const other = { name: 'AssertionError', code: 'ERR_ASSERTION', message: /^expected a plan with the given marginals: row 0/ }
  assert.throws(() => assertMarginals([[0.25, 0], [0.25, 0.5]], [0.5, 0.5], [0.5, 0.5]), other)
})
