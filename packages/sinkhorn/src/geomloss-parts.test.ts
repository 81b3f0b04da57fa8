import { toNumber } from '@monge/losses'
import { diameter, disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { eachBackend, reference, tolerance } from '../../../tooling/testing/src/index.ts'
import {
  diameters,
  hausdorffRecords,
  measuresOf,
  optionsOf,
  potentialRecords,
  schedules,
  special,
} from '../fixtures/geomloss.ts'
import type { CloudName } from '../fixtures/geomloss.ts'
import { annealing, debiasedPotentials, hausdorffDivergence, sinkhornDivergence, solve } from './index.js'

test.each(schedules)('annealing goes through the epsilons of GeomLoss: %o', ({ p, diameter: size, blur, scaling, ...rest }) => {
  const epsilons = annealing(scaling, p)(size ** p, blur ** p)
  expect(epsilons.length).toBe(rest.length)
  const { first, last } = rest
  first.forEach((epsilon, index) => {
    expect(epsilons[index]).toBeCloseTo(epsilon, 13)
  })
  last.forEach((epsilon, index) => {
    expect(epsilons[epsilons.length - last.length + index]).toBeCloseTo(epsilon, 13)
  })
})

const oracle = await reference()

eachBackend('GeomLoss', (backend) => {
  const few = <A>(records: readonly A[]): readonly A[] =>
    backend() === oracle ? records : backend().name === 'webgl' ? records.slice(1, 2) : records.slice(0, 4)

  const expectNear = (what: string, found: ArrayLike<number>, expected: readonly number[]): void => {
    const scale = Math.max(...expected.map(Math.abs))
    const allowed = tolerance(backend(), { float64: 1e-9 * scale + 1e-14, float32: 1e-4 * scale + 1e-6 })
    const worst = Math.max(...Array.from(found, (value, index) => Math.abs(value - (expected[index] ?? Number.NaN))))
    expect(worst, what).toBeLessThanOrEqual(allowed)
  }

  test.each(Object.entries(diameters))('measures cloud %s alike', (name, expected) => {
    const [mu, nu] = measuresOf(name as CloudName, backend())
    expectNear('diameter', [diameter(mu, nu)], [expected])
    for (const measure of [mu, nu]) disposeMeasure(measure)
  })

  test('has the same potentials', () => {
    for (const record of few(potentialRecords.filter(({ scaling }) => scaling === 0.5 || backend().precision === 'float64'))) {
      const [mu, nu] = measuresOf(record.cloud, backend())
      const options = optionsOf(record)
      const { f, g }: { readonly f: Tensor; readonly g: Tensor } = record.debias
        ? debiasedPotentials(options)(backend())(mu, nu)
        : solve(options)(backend())(mu, nu)
      expectNear(`f of ${record.cloud}`, f.dataSync(), record.F)
      expectNear(`g of ${record.cloud}`, g.dataSync(), record.G)
      dispose([f, g])
      for (const measure of [mu, nu]) disposeMeasure(measure)
    }
  })

  test('means the same soft Hausdorff divergence, by its definition', () => {
    for (const record of few(hausdorffRecords)) {
      const [mu, nu] = measuresOf(record.cloud, backend())
      const found = toNumber(hausdorffDivergence(optionsOf(record))(backend()))(mu, nu)
      const allowed = tolerance(backend(), { float64: 1e-9 * record.value, float32: 1e-5 * record.value + 1e-6 })
      expect(Math.abs(found - record.value), `${record.cloud}, p ${record.p}, blur ${record.blur}`).toBeLessThan(allowed)
      for (const measure of [mu, nu]) disposeMeasure(measure)
    }
  })

  test.each(special.map((record) => [record.name, record] as const))('agrees on %s', (_, record) => {
    const { blur, scaling, diameter: size, a, x, b, y, value } = record
    const [mu, nu] = [
      measureOrThrow(fromArrays(x, a ?? undefined, backend())),
      measureOrThrow(fromArrays(y, b ?? undefined, backend())),
    ]
    const options = { blur, scaling, ...(size !== null && { diameter: size }) }
    const found = toNumber(sinkhornDivergence(options)(backend()))(mu, nu)
    const allowed = tolerance(backend(), { float64: 1e-9 * value + 1e-15, float32: 1e-5 * value + 1e-6 })
    expect(Math.abs(found - value)).toBeLessThanOrEqual(allowed)
    for (const measure of [mu, nu]) disposeMeasure(measure)
  })
})
