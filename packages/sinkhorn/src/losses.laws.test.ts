import type { Backend } from '@monge/backend'
import type { Loss } from '@monge/losses'
import { toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { euclidean, halfSquaredEuclidean, pullback } from '@monge/costs'
import { add, mul, square } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, test } from 'vitest'
import {
  divergenceLaws,
  eachBackend,
  gradientLaws,
  isEngine,
  lossLaws,
  reference,
  runs,
} from '../../../tooling/testing/src/index.ts'
import type { Law, LossLawOptions } from '../../../tooling/testing/src/index.ts'
import { hausdorffDivergence, sinkhornCost, sinkhornDivergence } from './index.js'
import type { SinkhornOptions } from './index.js'

type Make = (options: SinkhornOptions) => (backend: Backend) => Loss

/** The largest distance between any two points: unlike the diagonal of a box, it turns along. */
const extent = (mu: Measure, nu: Measure): number => {
  const points = [...toArrays(mu).points, ...toArrays(nu).points]
  const distance = (x: readonly number[], y: readonly number[]): number =>
    Math.hypot(...x.map((entry, axis) => entry - (y[axis] ?? 0)))
  // Points that all coincide have none; this is no larger than any setting's, so that epsilon is not either.
  return Math.max(...points.flatMap((x) => points.map((y) => distance(x, y)))) || 2 ** -20
}

/**
 * Lengths in units of the clouds' extent, so that the loss scales along with them. Their ratio is no power of the
 * scaling, where it would be up to rounding how many sweeps the schedule has.
 */
const scaled =
  (make: Make, { reach, ...rest }: SinkhornOptions = {}): ((backend: Backend) => Loss) =>
  (backend) =>
  (mu, nu) => {
    const size = extent(mu, nu)
    const lengths = { blur: 0.3 * size, diameter: size, ...(reach !== undefined && { reach: reach * size }) }
    return make({ ...rest, ...lengths })(backend)(mu, nu)
  }

/**
 * Each law once, tried on all variants of a loss in turn: its options are a part of what is tried. Backends made of tensor
 * operations pay for each, some hundred a solve; what they compute of their own, `@monge/backend` tries as often as all.
 */
const expectLaws = (backend: () => Backend, variants: readonly (readonly Law[])[]): void => {
  for (const name of new Set(variants.flat().map((law) => law.name))) {
    const properties = variants.flat().filter((law) => law.name === name)
    test(name, () => {
      const times = isEngine(backend()) ? runs(100) : runs(10, 'a solve is some hundred tensor operations')
      for (const { property } of properties) fc.assert(property, { numRuns: Math.ceil(times / properties.length) })
    })
  }
}

/** The laws of a divergence but for those that every loss obeys. */
const ofDivergencesAlone: typeof divergenceLaws = (loss, options) => {
  const general = new Set(lossLaws(loss).map(({ name }) => name))
  return divergenceLaws(loss, options).filter(({ name }) => !general.has(name))
}

const invariances = { translationInvariant: true, rigidInvariant: true } as const

eachBackend('the laws of losses', (backend) => {
  const here =
    (make: (backend: Backend) => Loss): Loss =>
    (mu, nu) =>
      make(backend())(mu, nu)

  type Variant = readonly [make: (backend: Backend) => Loss, laws: typeof lossLaws, options: LossLawOptions]
  const check = (title: string, variants: readonly Variant[]): void => {
    describe(title, () => {
      expectLaws(
        backend,
        variants.map(([make, laws, options]) =>
          laws(here(make), { ...options, clouds: { maxPoints: 4, dimension: { max: 2 }, ...options.clouds } }),
        ),
      )
    })
  }

  const clouds = { settings: ['near', 'far'] } as const
  const tolerance = 1e-5
  // An error of the marginals is one of the value, in units of cost.
  const accuracy = 4 * tolerance
  const magnitude = (): number => 64

  describe('hold, on GeomLoss’s schedule and at the optimum,', () => {
    check('for the divergence', [
      [scaled(sinkhornDivergence), divergenceLaws, { ...invariances, nonNegative: false, homogeneous: 2 }],
      [scaled(sinkhornDivergence, { p: 1 }), divergenceLaws, { ...invariances, nonNegative: false, homogeneous: 1 }],
      [
        scaled(sinkhornDivergence, { reach: 0.5 }),
        divergenceLaws,
        { ...invariances, nonNegative: false, homogeneous: 2, clouds: { mass: 'any' } },
      ],
      [scaled(sinkhornDivergence, { tolerance }), divergenceLaws, { homogeneous: 2, accuracy, clouds }],
      [scaled(sinkhornDivergence, { p: 1, tolerance }), ofDivergencesAlone, { homogeneous: 1, accuracy, clouds }],
      [
        scaled(sinkhornDivergence, { reach: 0.5, tolerance }),
        ofDivergencesAlone,
        { homogeneous: 2, accuracy, clouds: { ...clouds, mass: 'any' } },
      ],
      [
        sinkhornDivergence({ blur: 0.5, tolerance }),
        ofDivergencesAlone,
        { convexInFirst: true, magnitude, accuracy, clouds: { settings: ['near'] } },
      ],
    ])
    check('for the cost', [
      [scaled(sinkhornCost), lossLaws, { ...invariances, homogeneous: 2, symmetric: true }],
      [
        scaled(sinkhornCost, { p: 1, reach: 0.5 }),
        lossLaws,
        { ...invariances, homogeneous: 1, symmetric: true, clouds: { mass: 'any' } },
      ],
    ])
    check('for the soft Hausdorff divergence', [[scaled(hausdorffDivergence), divergenceLaws, { ...invariances, homogeneous: 2 }]])
  })
})

const exactly = await reference()
const bend = (x: Tensor2D): Tensor2D => add(mul(square(x), 0.25), x)

eachBackend('the laws of gradients', (backend) => {
  type Variant = readonly [make: Make, options: SinkhornOptions]
  const lawsOf = ([make, options]: Variant): readonly Law[] => {
    const free = options.reach !== undefined
    const loss: Loss = (mu, nu) =>
      make({ blur: 2, ...options, tolerance: backend().precision === 'float64' ? 1e-12 : 1e-6 })(backend())(mu, nu)
    return gradientLaws(loss, {
      exact: make({ blur: 2, ...options, tolerance: 1e-12 })(exactly),
      balanced: !free,
      translationInvariant: options.cost?.features === undefined,
      magnitude: () => 16,
      clouds: { maxPoints: 4, dimension: { max: 2 }, mass: free ? 'any' : 'one' },
    })
  }

  describe.each<readonly [string, readonly Variant[]]>([
    [
      'the divergence',
      [
        [sinkhornDivergence, {}],
        [sinkhornDivergence, { p: 1 }],
        [sinkhornDivergence, { cost: pullback(bend)(halfSquaredEuclidean) }],
        [sinkhornDivergence, { reach: 1 }],
      ],
    ],
    [
      'the cost',
      [
        [sinkhornCost, {}],
        [sinkhornCost, { p: 1, reach: 1, cost: euclidean }],
      ],
    ],
    ['the soft Hausdorff divergence', [[hausdorffDivergence, {}]]],
  ])('hold for %s', (_, variants) => {
    expectLaws(backend, variants.map(lawsOf))
  })
})
