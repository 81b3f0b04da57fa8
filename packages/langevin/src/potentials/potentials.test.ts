import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { concat, dispose, square, sum } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, tolerance } from '../../../../tooling/testing/src/index.ts'
import { density, fromFunction, gaussianMixture } from '../index.js'
import type { Potential } from '../index.js'

type Rows = readonly (readonly number[])[]

const computed = (backend: Backend, potential: Potential, rows: Rows) => {
  const points = backend.within(() => tensorFrom<Tensor2D>(rows.flat(), [rows.length, rows[0]?.length ?? 0]))
  const { value, gradient } = potential.valueAndGradient(points)
  const numbers = { value: Array.from(value.dataSync()), gradient: Array.from(gradient.dataSync()) }
  dispose([points, value, gradient])
  return numbers
}

eachBackend('potentials', (backend) => {
  const within = () => tolerance(backend(), { float64: 1e-9, float32: 1e-4 })
  const expectNear = (found: readonly number[], expected: readonly number[]): void => {
    expect(found).toHaveLength(expected.length)
    expected.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThanOrEqual(within() * (1 + Math.abs(value))))
  }

  test('means of a mixture are of one dimension', () => {
    expect(() => gaussianMixture({ means: [[0, 1], [2]], covariance: 1 })).toThrow(
      expect.objectContaining({ tag: 'InvalidOption', where: 'gaussianMixture: means' }),
    )
  })

  test.each([
    ['equal', undefined],
    ['other', [1, 2, 0, 4, 1]],
  ])('a density that is told no bandwidth has that of Scott’s rule, with %s weights', (_, weights) => {
    const rows = [[0, 1], [2, 3], [9, 9], [-1, 0.5], [1, -2]]
    const masses = weights ?? rows.map(() => 1)
    const total = masses.reduce((all, mass) => all + mass, 0)
    const variance = [0, 1].map((axis) => {
      const mean = rows.reduce((all, row, i) => all + ((masses[i] ?? 0) * (row[axis] ?? 0)) / total, 0)
      return rows.reduce((all, row, i) => all + ((masses[i] ?? 0) * ((row[axis] ?? 0) - mean) ** 2) / total, 0)
    })
    const effective = total ** 2 / masses.reduce((all, mass) => all + mass ** 2, 0)
    const bandwidth = Math.sqrt(((variance[0] ?? 0) + (variance[1] ?? 0)) / 2) * effective ** (-1 / 6)
    const measure = measureOrThrow(fromArrays(rows, masses, backend()))
    const at = [[0, 0], [1, 1]]
    const [told, untold] = [{ bandwidth }, {}].map((options) => computed(backend(), density(measure, options)(backend()), at))
    expectNear(untold?.value ?? [], told?.value ?? [])
    expectNear(untold?.gradient ?? [], told?.gradient ?? [])
    disposeMeasure(measure)
  })

  test.each([1, 2, 3])('a mixture of Gaussians of equal axes is its formula, in %s dimensions', (d) => {
    const means = [[0, 1, -1], [2, 0, 1], [-1, -1, 3]].map((mean) => mean.slice(0, d))
    const [weights, variances] = [[1, 2, 3], [0.5, 1, 2]]
    const rows = [[0, 0, 0], [1, -1, 2], [2, 2, -2]].map((row) => row.slice(0, d))
    const terms = (x: readonly number[]) =>
      means.map((mean, k) => {
        const variance = variances[k] ?? 1
        const squared = x.reduce((all, value, axis) => all + (value - (mean[axis] ?? 0)) ** 2, 0)
        return ((weights[k] ?? 0) / 6) * (2 * Math.PI * variance) ** (-d / 2) * Math.exp(-squared / (2 * variance))
      })
    const found = computed(backend(), gaussianMixture({ means, weights, covariances: variances })(backend()), rows)
    expectNear(found.value, rows.map((x) => -Math.log(terms(x).reduce((all, term) => all + term, 0))))
    const slopes = rows.flatMap((x) => {
      const each = terms(x)
      const whole = each.reduce((all, term) => all + term, 0)
      return x.map((value, axis) =>
        each.reduce((all, term, k) => all + (term * (value - (means[k]?.[axis] ?? 0))) / (variances[k] ?? 1), 0) / whole,
      )
    })
    expectNear(found.gradient, slopes)
  })

  test('a function of a user is refused whose value or gradient has another shape', () => {
    const value = (points: Tensor2D) => sum(square(points), 1)
    const wrong = [
      fromFunction({ value: (points) => square(points) }),
      fromFunction({ value: (points) => concat([value(points), value(points)]) }),
      fromFunction({ value, gradient: value }),
      fromFunction({ value, gradient: (points) => concat([points, points], 1) }),
      fromFunction({ value, gradient: (points) => concat([points, points], 0) }),
    ]
    for (const potential of wrong)
      expect(() => computed(backend(), potential(backend()), [[1, 2], [3, 4]])).toThrow(
        expect.objectContaining({ tag: 'DimensionMismatch' }),
      )
  })
})
