import { tensorFrom } from '@monge/backend'
import { add, memory, mul, square, sum, tidy } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor } from '@tensorflow/tfjs-core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { eachBackend, runs, tolerance, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  applyUpdates,
  copyParams,
  countParams,
  disposeParams,
  equalParams,
  flattenParams,
  leavesOf,
  mapParams,
  stepTowards,
  valueAndGradientOf,
  withLeaves,
  zipParams,
} from './index.js'
import type { Params } from './index.js'

type Plan = readonly number[] | { readonly list: readonly Plan[] } | { readonly record: Readonly<Record<string, Plan>> }

const planOf = fc.letrec<{ tree: Plan; leaf: Plan; list: Plan; record: Plan }>((tie) => ({
  tree: fc.oneof({ depthSize: 'small' }, tie('leaf'), tie('list'), tie('record')),
  leaf: fc.array(fc.integer({ min: -8, max: 8 }), { minLength: 1, maxLength: 4 }),
  list: fc.record({ list: fc.array(tie('tree'), { maxLength: 3 }) }),
  record: fc.record({ record: fc.dictionary(fc.constantFrom('a', 'b', '0', '', '/'), tie('tree'), { maxKeys: 3 }) }),
})).tree

const build = (plan: Plan): Params =>
  'list' in plan
    ? plan.list.map(build)
    : 'record' in plan
      ? Object.fromEntries(Object.entries(plan.record).map(([name, branch]) => [name, build(branch)]))
      : tensorFrom(plan as readonly number[], [(plan as readonly number[]).length])

const values = (params: Params): readonly (readonly number[])[] => leavesOf(params).map((leaf) => Array.from(leaf.dataSync()))

eachBackend('trees of parameters', (backend) => {
  const tree = (plan: Plan): Params => backend().within(() => build(plan))
  const each = (body: (params: Params) => void): void => {
    fc.assert(
      fc.property(planOf, (plan) => {
        withoutLeaks(() => {
          const params = tree(plan)
          const before = values(params)
          backend().within(() => body(params))
          expect(values(params), 'the tree is as it was').toEqual(before)
          disposeParams(params)
        })
      }),
      { numRuns: runs(100) },
    )
  }

  test('map keeps identities and compositions', () =>
    each((params) => {
      const same = mapParams((leaf) => leaf)(params)
      expect(leavesOf(same)).toEqual(leavesOf(params))
      const doubled = mapParams((leaf) => mul(leaf, 2))(params)
      const composed = mapParams((leaf) => square(leaf))(doubled)
      const once = mapParams((leaf) => tidy(() => square(mul(leaf, 2))))(params)
      expect(equalParams(composed)(once)).toBe(true)
      disposeParams([doubled, composed, once])
    }))

  test('a copy is equal, and lives on by itself', () =>
    each((params) => {
      const copy = copyParams(params)
      const second = copyParams(copy)
      expect(equalParams(params)(copy)).toBe(true)
      disposeParams(copy)
      expect(equalParams(params)(second)).toBe(true)
      disposeParams(second)
    }))

  test('is its leaves and its shape', () =>
    each((params) => {
      const rebuilt = withLeaves(leavesOf(params))(params)
      expect(rebuilt).toEqual(params)
      expect(countParams(params)).toBe(values(params).flat().length)
      const paths = flattenParams(params).map(([path]) => JSON.stringify(path))
      expect(new Set(paths).size).toBe(paths.length)
    }))

  test('adding what was taken away changes nothing', () =>
    each((params) => {
      const minus = mapParams((leaf) => mul(leaf, -1))(params)
      const nothing = applyUpdates(minus)(params)
      const again = applyUpdates(params)(nothing)
      expect(values(again)).toEqual(values(params))
      disposeParams([minus, nothing, again])
    }))

  test('a step towards others goes that share of the way, and leaves both alone', () =>
    each((params) => {
      const target = mapParams((leaf) => tidy(() => add(mul(leaf, -2), 3)))(params)
      const [before, wanted] = [values(params), values(target)]
      for (const share of [0, 0.25, 1]) {
        const moved = stepTowards(share)(params, target)
        const most = tolerance(backend(), { float64: 1e-13, float32: 1e-5 })
        values(moved).forEach((row, leaf) =>
          row.forEach((value, k) => {
            const [from, to] = [before[leaf]?.[k] ?? NaN, wanted[leaf]?.[k] ?? NaN]
            expect(Math.abs(value - (from + share * (to - from)))).toBeLessThanOrEqual(most * (1 + Math.abs(from) + Math.abs(to)))
          }),
        )
        disposeParams(moved)
      }
      expect([values(params), values(target)]).toEqual([before, wanted])
      disposeParams(target)
    }))

  test('the gradient of half the sum of squares is the tree itself', () =>
    each((params) => {
      const half = (variables: Params): Scalar =>
        leavesOf(variables).reduce<Scalar>((total, leaf) => add(total, mul(sum(square(leaf)), 0.5)), tensorFrom([0], []))
      const { value, gradient } = valueAndGradientOf(half, backend())(params)
      expect(equalParams(params)(gradient)).toBe(true)
      expect(value.dataSync()[0]).toBe(values(params).flat().reduce((total, x) => total + x * x, 0) / 2)
      disposeParams([value, gradient])
    }))
})

eachBackend('differentiation', (backend) => {
  test('tells leaves apart that are one tensor, and gives zero where nothing depends', () =>
    withoutLeaks(() => {
      const [x, unused] = backend().within(() => [tensorFrom([1, 2], [2]), tensorFrom([5], [1])])
      const f = ({ a, b }: { readonly a: Tensor; readonly b: Tensor; readonly unused: Tensor }): Scalar =>
        sum(mul(a, square(b)))
      const { value, gradient } = valueAndGradientOf(f, backend())({ a: x, b: x, unused })
      expect(value.dataSync()[0]).toBe(9)
      expect(values(gradient)).toEqual([[1, 4], [2, 8], [0]])
      return [x, unused, value, leavesOf(gradient)]
    }))

  test('keeps the digits of the place', () =>
    withoutLeaks(() => {
      const x = backend().within(() => tensorFrom([0.1], []))
      const { value, gradient } = valueAndGradientOf((leaf: Tensor) => square(leaf) as Scalar, backend())(x)
      const allowed = tolerance(backend(), { float64: 1e-16, float32: 1e-7 })
      expect(Math.abs(value.dataSync()[0] - 0.01)).toBeLessThan(allowed)
      expect(Math.abs(gradient.dataSync()[0] - 0.2)).toBeLessThan(allowed)
      return [x, value, gradient]
    }))

  test('leaves nothing behind where the function throws', () => {
    const x = backend().within(() => tensorFrom([1], []))
    const before = memory().numTensors
    const failing = (leaf: Tensor): Scalar => {
      square(leaf)
      throw new Error('broken')
    }
    expect(() => valueAndGradientOf(failing, backend())(x)).toThrow('broken')
    expect(memory().numTensors).toBe(before)
    x.dispose()
  })

  test('refuses trees that differ', () => {
    const x = backend().within(() => tensorFrom([1], []))
    const typed = expect.objectContaining({ tag: 'InvalidArgument' })
    expect(() => zipParams((leaf) => leaf)({ a: x }, { b: x })).toThrow(typed)
    expect(() => zipParams((leaf) => leaf)([x], [x, x])).toThrow(typed)
    expect(() => withLeaves([x, x])(x)).toThrow(typed)
    expect(() => withLeaves([])(x)).toThrow(typed)
    x.dispose()
  })
})
