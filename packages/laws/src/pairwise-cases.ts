import { add, expandDims, mul, neg, sqrt, square, sub, sum } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import { constant, tensorFrom } from '@monge/backend'
import type { Pairwise } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** A function of two points for tests of backends. */
export interface PairwiseCase {
  readonly name: string
  /** The degree in the unit of length: values are of the order of `size^degree`. */
  readonly degree: number
  /** Made where it is used: it may hold a tensor `[rows, columns]`. */
  readonly make: (size: number, rows: number, columns: number) => Pairwise
}

/** One of every form that a backend must know. */
const cases: readonly PairwiseCase[] = [
  {
    name: 'half squared distance',
    degree: 2,
    make: () => ({ tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }),
  },
  {
    name: 'distance',
    degree: 1,
    make: () => ({ tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 0.5 } }),
  },
  {
    name: 'inverse multiquadric',
    degree: -1,
    make: (size) => ({ tag: 'radial', profile: { tag: 'power', scale: 1, shift: size ** 2, exponent: -0.5 } }),
  },
  {
    name: 'gaussian',
    degree: 0,
    make: (size) => ({ tag: 'radial', profile: { tag: 'exponential', scale: 1, rate: size ** -2, shift: 0, exponent: 1 } }),
  },
  {
    name: 'laplacian',
    degree: 0,
    make: (size) => ({ tag: 'radial', profile: { tag: 'exponential', scale: 1, rate: 1 / size, shift: 0, exponent: 0.5 } }),
  },
  {
    name: 'sum and product of profiles',
    degree: 0,
    make: (size) => {
      const flat = { tag: 'exponential', scale: 1, rate: size ** -2, shift: 0, exponent: 1 } as const
      const steep = { tag: 'exponential', scale: 0.5, rate: 1 / size, shift: size ** 2, exponent: 0.5 } as const
      return { tag: 'radial', profile: { tag: 'sum', terms: [flat, { tag: 'product', factors: [flat, steep] }] } }
    },
  },
  { name: 'l1 norm', degree: 1, make: () => ({ tag: 'lp', order: 1, exponent: 1, scale: 1 }) },
  { name: 'l3 norm, squared', degree: 2, make: () => ({ tag: 'lp', order: 3, exponent: 2 / 3, scale: 1 }) },
  {
    name: 'custom profile',
    degree: 1,
    make: (size) => ({ tag: 'radial', profile: { tag: 'custom', value: (s) => sqrt(add(s, constant(size ** 2))) } }),
  },
  {
    name: 'function',
    degree: 2,
    make: () => ({ tag: 'function', value: (x, y) => sum(mul(square(sub(expandDims(x, 1), expandDims(y, 0))), 2), 2) as Tensor2D }),
  },
  {
    name: 'negative function',
    degree: 2,
    make: () => ({ tag: 'function', value: (x, y) => neg(sum(square(sub(expandDims(x, 1), expandDims(y, 0))), 2)) as Tensor2D }),
  },
  {
    name: 'matrix',
    degree: 0,
    make: (_, rows, columns) => ({
      tag: 'matrix',
      entries: tensorFrom<Tensor2D>(
        Array.from({ length: rows * columns }, (__, index) => ((index * 7) % 11) / 8),
        [rows, columns],
      ),
    }),
  },
]

/** The names of the cases, the simplest first. */
export const pairwiseNames: readonly string[] = cases.map(({ name }) => name)

/** The case of a name. */
export const pairwiseCase = (name: string): PairwiseCase => {
  const found = cases.find((one) => one.name === name)
  if (found === undefined) throw mongeError('InvalidArgument', 'pairwiseCase', `there is no case "${name}"`)
  return found
}
