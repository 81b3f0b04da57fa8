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

/** On backends with a price for every operation, a property is tried less often. */
const expectLaws = (backend: () => Backend, laws: readonly Law[], times: number): void => {
  for (const { name, property } of laws)
    test(name, () => {
      fc.assert(property, { numRuns: backend().precision === 'float64' ? runs(times) : runs(Math.ceil(times / 6)) })
    })
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

  const check = (title: string, make: (backend: Backend) => Loss, laws: typeof lossLaws, options: LossLawOptions): void => {
    describe(title, () => {
      expectLaws(backend, laws(here(make), { ...options, clouds: { maxPoints: 6, ...options.clouds } }), 15)
    })
  }

  describe('hold on GeomLoss’s schedule', () => {
    check('for the divergence, p = 2', scaled(sinkhornDivergence), divergenceLaws, {
      ...invariances,
      nonNegative: false,
      homogeneous: 2,
    })
    check('for the divergence, p = 1', scaled(sinkhornDivergence, { p: 1 }), divergenceLaws, {
      ...invariances,
      nonNegative: false,
      homogeneous: 1,
    })
    check('for the divergence with reach', scaled(sinkhornDivergence, { reach: 0.5 }), divergenceLaws, {
      ...invariances,
      nonNegative: false,
      homogeneous: 2,
      clouds: { mass: 'any' },
    })
    check('for the cost', scaled(sinkhornCost), lossLaws, { ...invariances, homogeneous: 2, symmetric: true })
    check('for the cost with reach', scaled(sinkhornCost, { p: 1, reach: 0.5 }), lossLaws, {
      ...invariances,
      homogeneous: 1,
      symmetric: true,
      clouds: { mass: 'any' },
    })
    check('for the soft Hausdorff divergence', scaled(hausdorffDivergence), divergenceLaws, {
      ...invariances,
      homogeneous: 2,
    })
  })

  describe('hold at the optimum', () => {
    const clouds = { settings: ['near', 'far'] } as const
    const tolerance = 1e-5
    // An error of the marginals is one of the value, in units of cost.
    const accuracy = 4 * tolerance
    check('for the divergence, p = 2', scaled(sinkhornDivergence, { tolerance }), divergenceLaws, { homogeneous: 2, accuracy, clouds })
    check('for the divergence, p = 1', scaled(sinkhornDivergence, { p: 1, tolerance }), ofDivergencesAlone, {
      homogeneous: 1,
      accuracy,
      clouds,
    })
    check('for the divergence with reach', scaled(sinkhornDivergence, { reach: 0.5, tolerance }), ofDivergencesAlone, {
      homogeneous: 2,
      accuracy,
      clouds: { ...clouds, mass: 'any' },
    })
    const magnitude = (): number => 64
    check('for the divergence of a fixed blur', sinkhornDivergence({ blur: 0.5, tolerance }), ofDivergencesAlone, {
      convexInFirst: true,
      magnitude,
      accuracy,
      clouds: { settings: ['near'] },
    })
  })
})

const exactly = await reference()
const bend = (x: Tensor2D): Tensor2D => add(mul(square(x), 0.25), x)

eachBackend('the laws of gradients', (backend) => {
  const balanced = [
    ['the divergence, p = 2', sinkhornDivergence, {}],
    ['the divergence, p = 1', sinkhornDivergence, { p: 1 }],
    ['the cost', sinkhornCost, {}],
    ['the divergence of features', sinkhornDivergence, { cost: pullback(bend)(halfSquaredEuclidean) }],
    ['the soft Hausdorff divergence', hausdorffDivergence, {}],
  ] as const
  const unbalanced = [
    ['the divergence with reach', sinkhornDivergence, { reach: 1 }],
    ['the cost with reach', sinkhornCost, { p: 1, reach: 1, cost: euclidean }],
  ] as const

  const checkGradients = (title: string, make: Make, options: SinkhornOptions, free: boolean): void => {
    const loss: Loss = (mu, nu) =>
      make({ blur: 0.75, ...options, tolerance: backend().precision === 'float64' ? 1e-12 : 1e-6 })(backend())(mu, nu)
    describe(`hold for ${title}`, () => {
      const laws = gradientLaws(loss, {
        exact: make({ blur: 0.75, ...options, tolerance: 1e-12 })(exactly),
        balanced: !free,
        translationInvariant: options.cost?.features === undefined,
        magnitude: () => 16,
        clouds: { maxPoints: 5, dimension: { max: 2 }, mass: free ? 'any' : 'one' },
      })
      expectLaws(backend, laws, 10)
    })
  }

  for (const [title, make, options] of balanced) checkGradients(title, make, options, false)
  for (const [title, make, options] of unbalanced) checkGradients(title, make, options, true)
})
