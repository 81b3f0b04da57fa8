import { describe, test } from 'node:test'
import { referenceBackend } from '@monge/backend-reference'
import { energy, kernelNorm } from '@monge/kernels'
import { checkLaws, divergenceLaws } from '@monge/laws'
import { assertCloseToMeasure, assertMarginals, assertMeasure } from '@monge/laws/matchers'
import { neg, tidy } from '@tensorflow/tfjs-core'

const norm = kernelNorm(energy())(await referenceBackend())
const wrong = Object.assign((mu, nu) => tidy(() => neg(norm(mu, nu))), { place: norm.place })

// Fewer runs: so many find what is wrong
describe('a norm of the wrong sign', () => checkLaws(divergenceLaws(wrong, { homogeneous: 1 }), { test, parameters: { numRuns: 20, seed: 1 } }))

test('a measure that is none', () => {
  assertMeasure({ points: [[0], [1]], weights: [1, -0.25] })
})

test('a plan of other marginals', () => {
  assertMarginals([[0.5, 0], [0.25, 0.25]], [0.5, 0.5], [0.5, 0.5])
})

test('another measure', () => {
  assertCloseToMeasure({ points: [[0], [1]], weights: [0.5, 0.5] }, { points: [[0], [1]], weights: [0.25, 0.75] })
})
