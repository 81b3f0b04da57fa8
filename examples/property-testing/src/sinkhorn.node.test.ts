import { referenceBackend } from '@monge/backend-reference'
import { expect, test } from 'vitest'
import { findings } from './findings.js'
import { patient, unannealed } from './sinkhorn.js'
import type { Cloud } from './sinkhorn.js'

const pair = (at: number, apart: number, weight: number): Cloud => ({
  points: [[at], [at + apart]],
  weights: [weight, 1 - weight],
})

test('without annealing the loop does not end where clouds are far apart, and the kit says so', async () => {
  const [near, far] = [pair(0, 2, 0.5), pair(8, 2, 0.5)]
  expect(() => unannealed(near, far)).toThrow('the marginals are not met')
  expect(patient(near, far).value).toBeCloseTo(32, 3)
  // Fewer runs: so many find the fault, which is what it is about
  const broken = findings(unannealed, await referenceBackend(), { numRuns: 40, seed: 1 }).map(({ law }) => law)
  expect(broken).toContain('is positive between measures far apart')
}, 120_000)

test('against itself a pair of points can take as long even in the annealed loop', () => {
  const self = pair(0, 1.5, 0.25)
  expect(() => patient(self, self)).toThrow('the marginals are not met')
})
