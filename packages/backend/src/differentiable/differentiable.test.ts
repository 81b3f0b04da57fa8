import type { Backend, Pairwise } from '../index.js'
import { emptyLogarithm, kernelSum, planSum, softmin, tensorFrom } from '../index.js'
import { dispose, grad, grads, mul, square, sum, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { cloud, geometryCases, oracle } from '../../../../tooling/testing/src/geometry-cases.ts'
import type { GeometryCase } from '../../../../tooling/testing/src/geometry-cases.ts'
import { expectClose } from '../../../../tooling/testing/src/geometry-check.ts'
import { eachImplementation, withoutLeaks } from '../../../../tooling/testing/src/index.ts'

/*
 * Each wrapper as a function of flat inputs, twice: on tensors through a backend, and on numbers through the oracle. The
 * gradient of the first must be the finite differences of the second.
 */

type Numbers = readonly number[]

interface Wrapped {
  readonly name: string
  /** The inputs and their shapes. */
  readonly inputs: readonly { readonly shape: readonly number[]; readonly values: Numbers }[]
  readonly onTensors: (pairwise: Pairwise) => <V>(backend: Backend<V>) => (...inputs: Tensor[]) => Tensor
  readonly onNumbers: (theCase: GeometryCase) => (inputs: readonly Numbers[]) => Numbers
}

const [n, m, d, epsilon] = [5, 4, 2, 0.5]
const x = { shape: [n, d], values: cloud(5, n, d).flat() }
const y = { shape: [m, d], values: cloud(6, m, d).flat() }
const p = { shape: [n], values: cloud(7, n, 1).flat() }
const q = { shape: [m], values: cloud(8, m, 1).flat() }
const v = { shape: [m], values: cloud(9, m, 1).flat() }
const v3 = { shape: [m, 3], values: cloud(10, m, 3).flat() }

const points = (values: Numbers, width: number): readonly Numbers[] =>
  Array.from({ length: values.length / width }, (_, i) => values.slice(i * width, (i + 1) * width))

const wrapped: readonly Wrapped[] = [
  ...[v, v3].map((values): Wrapped => ({
    name: `kernelSum of values [${values.shape.join(', ')}]`,
    inputs: [x, y, values],
    onTensors: (pairwise) => (backend) => (a, b, w) =>
      kernelSum(pairwise)(backend)(a as Tensor2D, b as Tensor2D, w as Tensor2D),
    onNumbers:
      (theCase) =>
      ([a, b, w]) =>
        oracle(theCase, points(a ?? [], d), points(b ?? [], d))
          .sum(points(w ?? [], values.shape[1] ?? 1))
          .flat(),
  })),
  {
    name: 'softmin',
    inputs: [x, y, q],
    onTensors: (pairwise) => (backend) => (a, b, t) =>
      softmin(pairwise, epsilon)(backend)(a as Tensor2D, b as Tensor2D, t as Tensor1D),
    onNumbers:
      (theCase) =>
      ([a, b, t]) =>
        oracle(theCase, points(a ?? [], d), points(b ?? [], d)).softmin(epsilon, t ?? []),
  },
  ...[v, v3].map((values): Wrapped => ({
    name: `planSum of values [${values.shape.join(', ')}]`,
    inputs: [x, y, p, q, values],
    onTensors: (pairwise) => (backend) => (a, b, s, t, w) =>
      planSum(pairwise, epsilon)(backend)(a as Tensor2D, b as Tensor2D, s as Tensor1D, t as Tensor1D, w as Tensor2D),
    onNumbers:
      (theCase) =>
      ([a, b, s, t, w]) =>
        oracle(theCase, points(a ?? [], d), points(b ?? [], d))
          .planSum(epsilon, s ?? [], t ?? [], points(w ?? [], values.shape[1] ?? 1))
          .flat(),
  })),
]

/** Every case once; with several values a point, one of each kind. */
const casesOf = ({ inputs }: Wrapped): readonly GeometryCase[] =>
  inputs.includes(v3)
    ? geometryCases.filter(({ name }) => ['gaussian', 'l1', 'function that is not symmetric', 'matrix'].includes(name))
    : geometryCases

const replaced = <A>(list: readonly A[], at: number, entry: A): readonly A[] =>
  list.map((old, index) => (index === at ? entry : old))

/** `sum_i out_i²` differentiated in every number of every input. */
const finiteDifferences = (
  f: (inputs: readonly Numbers[]) => Numbers,
  inputs: readonly Numbers[],
): readonly Numbers[] => {
  const step = 1e-4
  const value = (moved: readonly Numbers[]): number => f(moved).reduce((total, out) => total + out ** 2, 0)
  return inputs.map((input, which) =>
    input.map((entry, index) => {
      const at = (by: number): number => value(replaced(inputs, which, replaced(input, index, entry + by * step)))
      return (8 * (at(1) - at(-1)) - (at(2) - at(-2))) / (12 * step)
    }),
  )
}

eachImplementation('a differentiable', (backend) => {
  describe.each(wrapped.map((theWrapped) => [theWrapped.name, theWrapped] as const))('%s', (_, theWrapped) => {
    test.each(casesOf(theWrapped).map((theCase) => [theCase.name, theCase] as const))(
      'has the value and the gradients of its definition, for the %s',
      (__, theCase) => {
        const { inputs, onTensors, onNumbers } = theWrapped
        const values = inputs.map((input) => input.values)
        withoutLeaks(() => {
          const pairwise = theCase.pairwise(points(x.values, d), points(y.values, d))
          const tensors = inputs.map((input) => tensorFrom(input.values, input.shape))
          const f = onTensors(pairwise)(backend())
          const out = f(...tensors)
          expectClose(backend(), 'value', out.dataSync(), onNumbers(theCase)(values))
          const slopes = grads((...given) => sum(square(f(...given))))(tensors)
          const expected = finiteDifferences(onNumbers(theCase), values)
          slopes.forEach((slope, index) => {
            expect(slope.shape).toEqual(inputs[index]?.shape)
            expectClose(backend(), `gradient ${index}`, slope.dataSync(), expected[index] ?? [], {
              float64: 1e-8,
              float32: 2e-4,
            })
          })
          dispose([out, ...tensors, ...slopes])
          return pairwise.tag === 'matrix' ? pairwise.entries : []
        })
      },
    )
  })

  const squared: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 1 } }
  const distance: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 0.5 } }

  test('gradient costs nothing in inputs that nobody differentiates in', () => {
    const asked: string[] = []
    const spied = <V>(given: Backend<V>): Backend<V> => ({
      ...given,
      geometry: (pairwise, from, to) => {
        asked.push('geometry')
        return given.geometry(pairwise, from, to)
      },
    })
    tidy(() => {
      const [a, b, w] = [x, y, v].map(({ values, shape }) => tensorFrom(values, shape)) as [
        Tensor2D,
        Tensor2D,
        Tensor1D,
      ]
      grad((t) => sum(kernelSum(squared)(spied(backend()))(t as Tensor2D, b, w)))(a)
      return a
    }).dispose()
    // Once for the value, once for the gradient in x.
    expect(asked).toHaveLength(2)
  })

  test('sum over one cloud against itself is differentiated through both of its places', () => {
    withoutLeaks(() =>
      tidy(() => {
        const [a, w] = [tensorFrom<Tensor2D>(x.values, x.shape), tensorFrom<Tensor1D>(p.values, p.shape)]
        const slope = grad((t) => sum(mul(w, kernelSum(squared)(backend())(t as Tensor2D, t as Tensor2D, w))))(a)
        const cloudOf = points(x.values, d)
        const expected = cloudOf.flatMap((from, i) =>
          from.map((value, k) =>
            cloudOf.reduce(
              (total, to, j) => total + 4 * (p.values[i] ?? 0) * (p.values[j] ?? 0) * (value - (to[k] ?? 0)),
              0,
            ),
          ),
        )
        expectClose(backend(), 'gradient', slope.dataSync(), expected)
        return slope
      }),
    )
  })

  test('distance of coinciding points has derivative zero', () => {
    const slopes = tidy(() => {
      const [a, w] = [tensorFrom<Tensor2D>([1, 2, 1, 2], [2, 2]), tensorFrom<Tensor1D>([1, 1], [2])]
      return grad((t) => sum(kernelSum(distance)(backend())(t as Tensor2D, a, w)))(a)
    })
    expect(Array.from(slopes.dataSync())).toEqual([0, 0, 0, 0])
    slopes.dispose()
  })

  test('softmin of empty weights is that of the others', () => {
    const values = tidy(() => {
      const [a, b] = [tensorFrom<Tensor2D>([0, 1], [2, 1]), tensorFrom<Tensor2D>([0, 5], [2, 1])]
      const slopes = grads((s, t, h) =>
        sum(softmin(squared, 0.5)(backend())(s as Tensor2D, t as Tensor2D, h as Tensor1D)),
      )([a, b, tensorFrom<Tensor1D>([0, emptyLogarithm], [2])])
      return slopes.map((slope) => slope)
    })
    // Adding zero makes plain zeros of negative ones.
    expect(values.map((value) => Array.from(value.dataSync(), (entry) => entry + 0))).toEqual([
      [0, 2],
      [-2, 0],
      [-1, 0],
    ])
    dispose(values)
  })

  test('sum refuses what does not fit before any work', () => {
    const [a, b] = [tensorFrom<Tensor2D>([0, 1], [2, 1]), tensorFrom<Tensor2D>([0, 5, 6], [3, 1])]
    const w = tensorFrom<Tensor1D>([1, 1], [2])
    expect(() => kernelSum(squared)(backend())(a, b, w)).toThrow('kernelSum: v: expected [3] or [3, k], got [2]')
    expect(() => softmin(squared, 1)(backend())(a, b, w)).toThrow('softmin: q: expected [3], got [2]')
    expect(() => planSum(squared, 1)(backend())(a, b, w, w, w)).toThrow('planSum: q: expected [3], got [2]')
    expect(() => softmin(squared, 0)).toThrow('softmin: epsilon: expected a number above 0, got 0')
    expect(() => planSum(squared, Number.NaN)).toThrow('planSum: epsilon: expected a number above 0, got NaN')
    dispose([a, b, w])
  })
})
