import type { Page } from '../../experiment.js'
import type { Extra } from './extra.js'
import { table } from './table.js'

export const page: Page = {
  id: 'property-testing',
  title: "Someone's own Sinkhorn algorithm under the laws",
  about: [
    'The Sinkhorn algorithm as many write it first: every point weighs the same, the kernel exp(-c/ε) is made of 32-bit floats, the loop runs twenty times, and the value is what the plan costs. On a few examples it looks right. Here it is tried, in your browser, on measures drawn at random, against the invariants of transport: those of a divergence, and those of a plan; beside plain loops in float64, whatever else computes.',
    'A check: the law held in every case. A cross: it broke, and below the table stands the smallest case that breaks it; fast-check looks for it by shrinking the first that did. Each fault leads to a repair, from version 1 to version 5, until every law holds.',
    'Laws sample: they find faults, they do not prove their absence. With more cases, or another seed, other counterexamples turn up; few cases may miss a fault.',
  ],
  source: 'examples/property-testing',
  controls: [
    { kind: 'range', name: 'runs', label: 'Cases for each law', min: 5, max: 1000, step: 1, initial: 100, logarithmic: true },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 1000, step: 1, initial: 1 },
  ],
  curves: [],
  readings: [
    { reading: 'tried', label: 'laws tried' },
    { reading: 'broken1', label: 'broken: 1. as it was written' },
    { reading: 'broken2', label: 'broken: 2. with weights' },
    { reading: 'broken3', label: 'broken: 3. in the logarithmic domain' },
    { reading: 'broken4', label: 'broken: 4. annealed' },
    { reading: 'broken5', label: 'broken: 5. debiased' },
  ],
  mode: 'run',
  backends: ['simd'],
  draw: ({ extra }, _settings, { width }) => table(extra as Extra, { width }),
}
