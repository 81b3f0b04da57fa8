import { euclidean } from '@monge/costs'
import { valueAndGradient } from '@monge/losses'
import { disposeMeasure, mass } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachImplementation, reference, tolerance } from '../../../tooling/testing/src/index.ts'
import { clouds, measuresOf, optionsOf, sinkhornRecords, tailRecords } from '../fixtures/geomloss.ts'
import type { ValueRecord } from '../fixtures/geomloss.ts'
import { sinkhornCost, sinkhornDivergence } from './index.js'
import type { SinkhornOptions } from './index.js'

const kinds = [true, false].flatMap((debias) =>
  [1, 2].flatMap((p) => [null, 0.3, 1].map((reach) => [debias ? 'divergence' : 'cost', p, reach] as const)),
)

const isOf =
  ([loss, p, reach]: (typeof kinds)[number]) =>
  (record: ValueRecord): boolean =>
    record.debias === (loss === 'divergence') && record.p === p && record.reach === reach

const oracle = await reference()

const nameOf = ({ cloud, blur, scaling }: ValueRecord): string => `${cloud}, blur ${blur}, scaling ${scaling ?? 'none'}`

const largest = (values: readonly number[]): number => Math.max(...values.map(Math.abs))

eachImplementation('the numbers of GeomLoss', (backend) => {
  const evaluate = ({ cloud, debias }: ValueRecord, options: SinkhornOptions) => {
    const [mu, nu] = measuresOf(cloud, backend())
    const loss = (debias ? sinkhornDivergence : sinkhornCost)(options)(backend())
    const found = valueAndGradient(loss)(mu, nu)
    const numbers = {
      value: found.value.dataSync()[0] ?? Number.NaN,
      gradX: Array.from(found.mu.points.dataSync()),
      gradA: Array.from(found.mu.weights.dataSync()),
      mass: mass(mu),
    }
    dispose([found.value, found.mu.points, found.mu.weights, found.nu.points, found.nu.weights])
    for (const measure of [mu, nu]) disposeMeasure(measure)
    return numbers
  }

  const expectNear = (
    what: string,
    found: readonly number[],
    expected: readonly number[],
    relative: number,
    absolute: number,
  ): void => {
    expect(found.length, what).toBe(expected.length)
    const allowed = relative * largest(expected) + absolute
    const worst = largest(found.map((value, index) => value - (expected[index] ?? Number.NaN)))
    expect(worst, what).toBeLessThanOrEqual(allowed)
  }

  const accuracy = () => ({
    value: tolerance(backend(), { float64: 1e-9, float32: 1e-5 }),
    slack: tolerance(backend(), { float64: 1e-14, float32: 1e-6 }),
    slope: tolerance(backend(), { float64: 1e-7, float32: 2e-3 }),
  })

  /**
   * All of them on the oracle. Sweeps cost a portable backend milliseconds, whatever their size, and an engine as well
   * where the cost is a function, GeomLoss's floor: few, of short schedules.
   */
  const chosen = (records: readonly ValueRecord[], floor = records[0]?.p === 1): readonly ValueRecord[] => {
    if (backend() === oracle) return records
    if (backend().precision === 'float64' && !floor) return records.filter((_, index) => index % 7 === 0)
    const short = records.filter(({ scaling, gradX }) => (scaling ?? 0.5) === 0.5 && gradX !== null)
    return short.slice(0, backend().name === 'webgl' ? 1 : 4)
  }

  test.each(kinds)('%s, p = %d, reach %s, by its schedule', (...kind) => {
    const { value, slack, slope } = accuracy()
    for (const record of chosen(sinkhornRecords.filter(isOf(kind)))) {
      const found = evaluate(record, optionsOf(record))
      expectNear(`value of ${nameOf(record)}`, [found.value], [record.value], value, slack)
      const { gradX, gradA, blur, p, reach } = record
      if (gradX === null || gradA === null) continue
      const epsilon = blur ** p
      const rho = (reach ?? 0) ** p
      // Its gradients lack this factor.
      const factor = reach === null ? 1 : (rho + epsilon) / (rho + epsilon / 2)
      const times = (values: readonly number[]) => values.map((slopeThere) => slopeThere * factor)
      expectNear(`gradient in x of ${nameOf(record)}`, found.gradX, times(gradX), slope, slack)
      // Of the biased cost with reach it misses a term besides; see the optima below.
      if (record.debias || reach === null)
        expectNear(`gradient in a of ${nameOf(record)}`, found.gradA, times(gradA), slope, slack)
    }
  })

  test.each(kinds.filter(([, p]) => p === 1))('%s, p = %d, reach %s, but for what its floor costs', (...kind) => {
    const { value, slack } = accuracy()
    for (const record of chosen(sinkhornRecords.filter(isOf(kind)).filter(({ scaling }) => scaling !== 0.99), false)) {
      const found = evaluate(record, optionsOf(record, euclidean))
      expectNear(`value of ${nameOf(record)}`, [found.value], [record.value], value, 1e-4 * found.mass + slack)
    }
  })

  test.each(kinds)('%s, p = %d, reach %s, at the optimum', (...kind) => {
    const { slack } = accuracy()
    const exact = backend().precision === 'float64'
    const records = tailRecords.filter(isOf(kind))
    // Within float32, sweeps stop where rounding stops them.
    const some = exact ? chosen(records) : records.filter(({ blur, cloud }) => blur === 0.1 && cloud === 'A')
    for (const record of some) {
      const found = evaluate(record, { ...optionsOf(record), tolerance: exact ? 1e-13 : 1e-5 })
      expectNear(`value of ${nameOf(record)}`, [found.value], [record.value], exact ? 1e-8 : 1e-5, slack)
      const { gradX, gradA, cloud, p, blur, reach } = record
      if (gradX === null || gradA === null) continue
      expectNear(`gradient in x of ${nameOf(record)}`, found.gradX, gradX, exact ? 1e-7 : 2e-3, slack)
      const { a } = clouds[cloud]
      const centred = (values: readonly number[]): readonly number[] => {
        // With exact marginals a constant may go from f to g.
        const mean = reach === null ? values.reduce((sum, slope, index) => sum + slope * (a[index] ?? 0), 0) : 0
        return values.map((slope) => slope - mean)
      }
      // This plan falls into pieces that share no mass in float64: the constant of each is up to the annealing.
      const pieces = cloud === 'A' && p === 2 && blur === 0.01 && reach === null
      const allowed = pieces ? 1e-5 : exact ? 1e-7 : 2e-3
      expectNear(`gradient in a of ${nameOf(record)}`, centred(found.gradA), centred(gradA), allowed, slack)
    }
  })
})
