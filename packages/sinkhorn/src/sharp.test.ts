import type { MongeError } from '@monge/errors'
import { valueAndGradient } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import { barycentricProjection, hausdorffDivergence, sinkhornCost, sinkhornDivergence, solve } from './index.js'
import type { SinkhornOptions } from './index.js'

/*
 * Blurs far below the distances between points, such as the default between pixels: costs of 1e7 epsilons and more, which
 * float32 holds to the nearest epsilon at best.
 */

interface Data {
  readonly x: readonly (readonly number[])[]
  readonly y: readonly (readonly number[])[]
  readonly a: readonly number[]
  readonly b: readonly number[]
}

const pixels: Data = {
  x: [[12, 200], [250, 31], [101, 77], [180, 240]],
  y: [[40, 40], [220, 90], [75, 210], [130, 130], [10, 250]],
  a: [0.1, 0.4, 0.2, 0.3],
  b: [0.25, 0.25, 0.2, 0.2, 0.1],
}

interface Expected {
  readonly options: SinkhornOptions
  readonly biased?: true
  readonly value: number
  readonly gradX: readonly number[]
  readonly gradY: readonly number[]
}

/**
 * GeomLoss 0.3.1 in float64, its gradients with a reach times `(rho + epsilon) / (rho + epsilon / 2)`, its cost for p = 1 without the
 * floor that it puts under distances.
 */
const geomloss: readonly Expected[] = [
  {
    options: {},
    value: 5054.111621794067,
    gradX: [0.2, -5, 12, -23.6, 12.2, 7.4, 31.5, 9],
    gradY: [-15.25, -9.25, -7.5, 14.75, -21, -6, -24, 19.8, -0.2, 5],
  },
  {
    options: { reach: 100 },
    value: 3192.9746505240287,
    gradX: [0.219915, -5.497885, 9.439, -18.563366, 12.768338, 7.74473, 21.804862, 6.229961],
    gradY: [-11.297106, -6.852343, -7.659214, 15.063121, -16.711995, -4.774856, 4.617369, 8.438639, -0.160484, 4.012088],
  },
  {
    options: {},
    biased: true,
    value: 5054.115180587918,
    gradX: [0.2, -5, 12, -23.6, 12.2, 7.4, 31.5, 9],
    gradY: [-15.25, -9.25, -7.5, 14.75, -21, -6, -24, 19.8, -0.2, 5],
  },
  {
    options: { p: 1, blur: 0.001 },
    value: 90.91119167535098,
    gradX: [0.003997, -0.09992, 0.181299, -0.356554, 0.171002, 0.103722, 0.23915, 0.139639],
    gradY: [-0.213752, -0.129653, -0.113312, 0.222846, -0.192305, -0.054944, -0.082761, -0.182073, -0.003997, 0.09992],
  },
]

const evaluated = (loss: Loss, { x, y, a, b }: Data): { readonly value: number; readonly slopes: readonly number[][] } => {
  const mu = measureOrThrow(fromArrays(x, a, loss.place))
  const nu = measureOrThrow(fromArrays(y, b, loss.place))
  const { value, mu: left, nu: right } = valueAndGradient(loss)(mu, nu)
  const tensors = [left.points, right.points, left.weights, right.weights]
  const result = { value: value.dataSync()[0], slopes: tensors.map((tensor) => Array.from(tensor.dataSync())) }
  dispose([value, ...tensors])
  disposeMeasure(mu)
  disposeMeasure(nu)
  return result
}

const largestGap = (found: readonly number[], expected: readonly number[]): number =>
  Math.max(...found.map((slope, i) => Math.abs(slope - expected[i]))) / Math.max(...expected.map(Math.abs))

const scaledBy = (factor: number): Data => ({
  ...pixels,
  x: pixels.x.map((point) => point.map((entry) => entry * factor)),
  y: pixels.y.map((point) => point.map((entry) => entry * factor)),
})

eachBackend('sharp transport', (backend) => {
  describe.each(geomloss)('of the case %#', ({ options, biased, value, gradX, gradY }) => {
    test('has the value and the slopes that GeomLoss has in float64', () => {
      const found = evaluated((biased ? sinkhornCost : sinkhornDivergence)(options)(backend()), pixels)
      expect(Math.abs(found.value / value - 1)).toBeLessThan(tolerance(backend(), { float64: 1e-9, float32: 1e-5 }))
      const allowed = tolerance(backend(), { float64: 3e-6, float32: 1e-2 })
      expect(largestGap(found.slopes[0], gradX)).toBeLessThan(allowed)
      expect(largestGap(found.slopes[1], gradY)).toBeLessThan(allowed)
    })
  })

  test.each([1e2, 1e4, 1e7, 1e10])('is of numbers for clouds %f times as large', (factor) => {
    for (const options of [{}, { reach: 100 * factor }, { p: 1 }]) {
      const { value, slopes } = evaluated(sinkhornDivergence(options)(backend()), scaledBy(factor))
      expect([value, ...slopes.flat()].filter((entry) => !Number.isFinite(entry))).toEqual([])
    }
  })

  test('is of numbers for clouds next to no size', () => {
    const { value, slopes } = evaluated(sinkhornDivergence({})(backend()), scaledBy(1e-27))
    expect([value, ...slopes.flat()].filter((entry) => !Number.isFinite(entry))).toEqual([])
  })

  test('has images of points between the points opposite', () => {
    const mu = measureOrThrow(fromArrays(pixels.x, pixels.a, backend()))
    const nu = measureOrThrow(fromArrays(pixels.y, pixels.b, backend()))
    const { f, g, plan } = solve({ certificate: false })(backend())(mu, nu)
    const images = barycentricProjection(plan)
    const found = Array.from(images.dataSync())
    dispose([f, g, images])
    disposeMeasure(mu)
    disposeMeasure(nu)
    expect(found.filter((entry) => !(entry > 9.99 && entry < 250.01))).toEqual([])
  })

  test('leaves no tensor behind', () => {
    withoutLeaks(() => evaluated(sinkhornDivergence({})(backend()), pixels))
  })

  test('is refused where epsilon is no number of the format, or nothing beside the costs', () => {
    const small = tolerance(backend(), { float64: 1e-160, float32: 1e-20 })
    const tagOf = (loss: () => unknown): string => {
      try {
        loss()
      } catch (error) {
        return `${(error as MongeError).tag} ${(error as MongeError).where}`
      }
      return 'none'
    }
    const lossOf = (options: SinkhornOptions, data: Data) => () => evaluated(sinkhornDivergence(options)(backend()), data)
    expect(tagOf(lossOf({ blur: small }, scaledBy(small)))).toBe('InvalidOption blur')
    expect(tagOf(lossOf({ blur: 1e-16 }, pixels))).toBe('InvalidArgument measures')
  })
})

eachBackend('the soft Hausdorff divergence', (backend) => {
  test('has numbers for slopes at points of no weight, far from their measure and near the other', () => {
    const data = {
      x: [[0, 0], [9, 9], [1, 0]],
      y: [[9, 9], [8, 9], [0, 1]],
      a: [0.5, 0, 0.5],
      b: [0.5, 0.5, 0],
    }
    const { value, slopes } = evaluated(hausdorffDivergence({ blur: 0.1 })(backend()), data)
    expect([value, ...slopes.flat()].filter((entry) => !Number.isFinite(entry))).toEqual([])
  })
})
