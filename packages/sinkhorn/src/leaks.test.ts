import { registerGradients, tensorFrom } from '@monge/backend'
import { pullback, squaredEuclidean } from '@monge/costs'
import { toNumber, valueAndGradient, valueAndGradientIn } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, dispose, grad, sum, variableGrads } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  applyPlan,
  applyTransposedPlan,
  barycentricProjection,
  debiasedPotentials,
  densePlan,
  denseRoundedPlan,
  extendSourcePotential,
  extendTargetPotential,
  hausdorffDivergence,
  planCost,
  planMarginals,
  planMass,
  sinkhornCost,
  sinkhornDivergence,
  solve,
  solveAsync,
  solveBatch,
  sparsePlan,
} from './index.js'
import type { Plan, SinkhornOptions } from './index.js'

const variants: readonly (readonly [string, SinkhornOptions])[] = [
  ['a schedule', { blur: 0.3 }],
  ['a tolerance', { blur: 0.3, tolerance: 1e-3 }],
  ['relaxation', { blur: 0.3, tolerance: 1e-3, acceleration: { kind: 'relaxation', factor: 1.5 } }],
  ['Newton’s method', { blur: 0.3, tolerance: 1e-3, acceleration: { kind: 'newton' } }],
  ['reach', { blur: 0.3, p: 1, reach: 0.5, tolerance: 1e-3 }],
  ['features', { blur: 0.3, cost: pullback((x) => add(x, 1))(squaredEuclidean) }],
  ['features that are the points', { blur: 0.3, cost: pullback((x) => x)(squaredEuclidean) }],
]

eachBackend('no tensor is left behind', (backend) => {
  const on = <A>(body: (mu: Measure, nu: Measure) => A): A => {
    const mu = measureOrThrow(fromArrays([[0, 0], [1, 0], [2, 1]], [0.25, 0.5, 0.25], backend()))
    const nu = measureOrThrow(fromArrays([[0.5, 0.5], [1.5, 2]], [0.75, 0.25], backend()))
    const release = (): void => {
      for (const measure of [mu, nu]) disposeMeasure(measure)
    }
    const result = body(mu, nu)
    if (result instanceof Promise) return result.finally(release) as A
    release()
    return result
  }

  describe.each(variants)('with %s', (_, options) => {
    const losses = { sinkhornDivergence, sinkhornCost, ...(options.reach === undefined && { hausdorffDivergence }) }
    test.each(Object.entries(losses))('by %s and its gradients', (__, make) => {
      on((mu, nu) => {
        const loss = make(options)(backend())
        withoutLeaks(() => loss(mu, nu))
        withoutLeaks(() => toNumber(loss)(mu, nu))
        withoutLeaks(() => valueAndGradient(loss)(mu, nu))
        withoutLeaks(() => valueAndGradientIn('mu')(loss)(mu, mu))
        registerGradients()
        withoutLeaks(() => grad((points) => loss({ ...mu, points: points as Tensor2D }, nu))(mu.points))
        withoutLeaks(() => {
          const points = mu.points.variable()
          const { value, grads } = variableGrads(() => loss({ ...mu, points } as Measure, nu))
          points.dispose()
          return [value, ...Object.values(grads)] as [Scalar]
        })
      })
    })

    test('by solving, alone, in batches and in the background', async () => {
      await on(async (mu, nu) => {
        withoutLeaks(() => {
          const { f, g } = solve(options)(backend())(mu, nu)
          return [f, g]
        })
        withoutLeaks(() => solveBatch(options)(backend())([[mu, nu], [nu, mu], [mu, mu]]).map(({ f, g }) => [f, g]))
        await withoutLeaks(async () => {
          const { f, g } = await solveAsync(options, 0)(backend())(mu, nu)
          return [f, g]
        })
        withoutLeaks(() => {
          const { f, g } = solve(options)(backend())(mu, nu)
          const again = solve({ ...options, start: { f, g } })(backend())(mu, nu)
          return [f, g, again.f, again.g]
        })
        if (options.cost === undefined) withoutLeaks(() => debiasedPotentials(options)(backend())(mu, nu))
        expect([...mu.points.dataSync()]).toEqual([0, 0, 1, 0, 2, 1])
      })
    })

    const readings: Readonly<Record<string, (plan: Plan) => unknown>> = {
      applyPlan: (plan) => applyPlan(plan.nu.points)(plan),
      'applyPlan to a vector': (plan) => applyPlan(plan.nu.weights)(plan),
      applyTransposedPlan: (plan) => applyTransposedPlan(plan.mu.points)(plan),
      barycentricProjection,
      densePlan,
      denseRoundedPlan,
      planCost,
      planMarginals,
      planMass,
      sparsePlan: (plan) => void sparsePlan(2)(plan),
      extendSourcePotential: (plan) => extendSourcePotential(plan)(plan.nu.points),
      extendTargetPotential: (plan) => extendTargetPotential(plan)(plan.mu.points),
      'the gradient of an extended potential': (plan) =>
        grad((x) => sum(extendSourcePotential(plan)(x as Tensor2D)))(plan.mu.points),
    }
    test('by reading a plan', () => {
      on((mu, nu) => {
        registerGradients()
        const { f, g, plan } = solve(options)(backend())(mu, nu)
        for (const read of Object.values(readings)) withoutLeaks(() => read(plan))
        dispose([f, g])
      })
    })
  })

  test('by a solve in the background that takes turns with another', async () => {
    await on(async (mu, nu) => {
      await withoutLeaks(async () => {
        const run = solveAsync({ blur: 0.1, tolerance: 1e-4 }, 0)(backend())
        const alone = solve({ blur: 0.1, tolerance: 1e-4 })(backend())(mu, nu)
        const both = await Promise.all([run(mu, nu), run(nu, mu), run(mu, nu)])
        expect(both[2].value).toBe(alone.value)
        expect(both[0].value).toBe(alone.value)
        return [alone, ...both].map(({ f, g }) => [f, g])
      })
    })
  })

  test('nor is a tensor of the caller’s disposed of', () => {
    on((mu, nu) => {
      const start = backend().within(() => ({
        f: tensorFrom<Tensor1D>([0, 0, 0], [3]),
        g: tensorFrom<Tensor1D>([0, 0], [2]),
      }))
      const { f, g } = solve({ start })(backend())(mu, nu)
      expect([...start.f.dataSync(), ...start.g.dataSync()]).toEqual([0, 0, 0, 0, 0])
      dispose([f, g, start.f, start.g])
    })
  })
})
