import { toNumber } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { sqrt } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { brokenLaws, divergenceLaws, eachBackend, law, metricLaws, tolerance } from '../../../tooling/testing/src/index.ts'
import type { Cloud } from '../../../tooling/testing/src/index.ts'
import { sinkhornDivergence } from './index.js'

/*
 * What is false of Sinkhorn divergences (Lavenant et al., The Riemannian geometry of Sinkhorn divergences, 2024,
 * section 7), on the three points 0, 1 and 2 of the line, with weights that every format holds: found by trying all
 * multiples of 1/8. The numbers are those of the optimum in float64.
 */

const cloud = (...weights: readonly number[]): Cloud => ({ points: [[0], [1], [2]], weights })
const placed = { dimension: 1, setting: 'near', size: 1 } as const

eachBackend('of a Sinkhorn divergence', (backend) => {
  const divergence =
    (blur: number): Loss =>
    (mu, nu) =>
      sinkhornDivergence({ blur, tolerance: 1e-6 })(backend())(mu, nu)
  const valueOf =
    (loss: Loss) =>
    (mu: Cloud, nu: Cloud): number => {
      const measures = [mu, nu].map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend())))
      const [from, to] = measures
      try {
        return from && to ? toNumber(loss)(from, to) : NaN
      } finally {
        measures.forEach(disposeMeasure)
      }
    }
  const expectNumber = (found: number, expected: number): void => {
    expect(Math.abs(found - expected)).toBeLessThan(tolerance(backend(), { float64: 1e-5, float32: 1e-3 }))
  }

  describe('the root is no metric:', () => {
    const [mu, other, nu] = [cloud(0.5, 0, 0.5), cloud(0.375, 0.125, 0.5), cloud(0.375, 0, 0.625)]
    const root: Loss = (from, to) => sqrt<Scalar>(divergence(0.5)(from, to))

    test('the way from one measure to another is longer than by a third', () => {
      const distance = valueOf(root)
      const [straight, first, second] = [distance(mu, nu), distance(mu, other), distance(other, nu)]
      expectNumber(straight, 0.419336)
      expectNumber(first, 0.197356)
      expectNumber(second, 0.187887)
      expect(straight).toBeGreaterThan(1.05 * (first + second))
    })

    test('the triangle inequality of metricLaws finds it out', () => {
      // A root magnifies what rounding leaves under it.
      const laws = metricLaws(root, { accuracy: 2e-3 }).filter(({ name }) => name === 'obeys the triangle inequality')
      // Fewer runs: the case is given
      expect(brokenLaws(laws, { numRuns: 1, examples: [[{ ...placed, clouds: [mu, nu, other] }]] })).toHaveLength(1)
    })
  })

  describe('joint convexity does not hold:', () => {
    const value = valueOf(divergence(Math.SQRT1_2))
    const mixed = (one: Cloud, two: Cloud): Cloud => cloud(...one.weights.map((weight, at) => (weight + (two.weights[at] ?? NaN)) / 2))
    const [mu, nu, mu2, nu2] = [cloud(0, 0, 1), cloud(0, 0, 1), cloud(0, 1, 0), cloud(1, 0, 0)]

    test('halfway between two pairs it is more than the mean of theirs', () => {
      expectNumber(value(mu, nu), 0)
      expectNumber(value(mu2, nu2), 0.5)
      expectNumber(value(mixed(mu, mu2), mixed(nu, nu2)), 0.269389)
    })

    test('were it a law, it would break there, while convexity in one argument holds', () => {
      const halfway = fc.constant([mu, nu, mu2, nu2] as const)
      const bends = (title: string, from: (a: Cloud, b: Cloud) => Cloud) =>
        law(title, halfway, ([a, b, c, d]) => {
          const mean = (value(a, from(b, d)) + value(c, d)) / 2
          if (value(mixed(a, c), mixed(from(b, d), d)) > mean + 1e-3) throw new Error('it is more than the mean')
        })
      const laws = [bends('convex in both', (b) => b), bends('convex in one', (_, d) => d)]
      // Fewer runs: there is one case
      expect(brokenLaws(laws, { numRuns: 1 })).toEqual(['convex in both'])
    })
  })

  test('the laws of a divergence ask for neither, and hold at these measures', () => {
    const measures = [cloud(0.5, 0, 0.5), cloud(0.375, 0.125, 0.5), cloud(0.375, 0, 0.625)]
    const examples = measures.flatMap((mu) => measures.map((nu): [unknown] => [{ ...placed, mu, nu }]))
    const ofPairs = ['is finite', 'is symmetric', 'is not negative', 'is zero between a measure and itself', 'is positive between measures far apart']
    const laws = divergenceLaws(divergence(0.5), { accuracy: 1e-3 }).filter(({ name }) => ofPairs.includes(name))
    expect(laws).toHaveLength(ofPairs.length)
    // Fewer runs: the cases are given
    expect(brokenLaws(laws, { numRuns: examples.length, examples })).toEqual([])
  })
})
