import { instancesOf } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { afterEach, describe, expect, test } from 'vitest'
import { emd, emdSamples } from './index.js'
import { simplexModule } from './simplex/binary.js'

/*
 * What goes wrong around the network simplex: it answers with a typed error or with the right numbers, and the next call
 * is as good as the first.
 */

const x = [[0, 0], [1, 0.5], [2.5, 1], [3, -1]]
const y = [[0.5, 0], [2, 2], [3, 0]]
const [a, b] = [[0.25, 0.25, 0.25, 0.25], [0.5, 0.25, 0.25]]
const distance = (i: number, j: number): number => Math.hypot(x[i][0] - y[j][0], x[i][1] - y[j][1])

const solved = () => emdSamples({ x, y, a, b, p: 1 })

const faultOf = (body: () => unknown): string => {
  try {
    body()
    return 'none'
  } catch (error) {
    return isMongeError(error) ? `${error.tag} at ${error.where}` : String(error)
  }
}

describe('a cost of a user’s', () => {
  /** The cost, but for one call. */
  const failing = (at: number, fault: () => number) => {
    let calls = 0
    const cost = (i: number, j: number): number => (calls++ === at ? fault() : distance(i, j))
    return { cost, calls: () => calls }
  }

  test.each<readonly [string, () => number, string]>([
    ['is not a number', () => NaN, 'InvalidArgument at emd: cost'],
    ['is infinite', () => -Infinity, 'InvalidArgument at emd: cost'],
    [
      'throws',
      () => {
        throw new Error('mine')
      },
      'Error: mine',
    ],
  ])('that %s, at whatever call, ends the solve, and the next is as ever', (_, fault, expected) => {
    const before = solved()
    const { cost, calls } = failing(Infinity, fault)
    expect(Math.abs(emd({ a, b, cost }).cost - before.cost)).toBeLessThanOrEqual(1e-14)
    expect(calls()).toBeGreaterThanOrEqual(x.length * y.length)
    for (let at = 0; at < calls(); at++) expect(faultOf(() => emd({ a, b, cost: failing(at, fault).cost }))).toBe(expected)
    expect(solved()).toEqual(before)
  })

  test('may itself solve a problem: one does not disturb the other', () => {
    const expected = emd({ a, b, cost: distance })
    const cost = (i: number, j: number): number => {
      expect(emd({ a, b, cost: distance })).toEqual(expected)
      return distance(i, j)
    }
    expect(emd({ a, b, cost })).toEqual(expected)
  })
})

describe('WebAssembly without memory', () => {
  const { Instance } = WebAssembly
  afterEach(() => {
    WebAssembly.Instance = Instance
  })

  test('for another instance makes a call throw a typed error, and the next one, with memory, is right', () => {
    const before = solved()
    WebAssembly.Instance = function (): WebAssembly.Instance {
      throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance')
    } as unknown as typeof Instance
    expect(faultOf(solved)).toBe('BackendFailure at emdSamples')
    WebAssembly.Instance = Instance
    expect(solved()).toEqual(before)
  })

  test('for the whole of a problem makes a call throw a typed error, and the next one, with memory, is right', () => {
    const before = solved()
    WebAssembly.Instance = function (module: WebAssembly.Module, imports: WebAssembly.Imports): WebAssembly.Instance {
      return { exports: { ...new Instance(module, imports).exports, layout: () => 0 } }
    } as unknown as typeof Instance
    expect(faultOf(solved)).toBe('InvalidArgument at emdSamples')
    WebAssembly.Instance = Instance
    expect(solved()).toEqual(before)
  })
})

describe('a problem of which no memory holds what it is worked out in', () => {
  const start = instancesOf<{ readonly layout: (n: number, m: number, dimension: number, kind: number) => number }>(simplexModule)
  const [matrix, euclidean] = [0, 2]
  const fits = (n: number, m: number, dimension: number, kind: number): boolean =>
    start('a test', { simplex: { fillRow: () => undefined } }).layout(n, m, dimension, kind) !== 0

  // Beyond four gibibytes addresses begin anew, so that these sizes could come to little.
  test.each([
    [2 ** 20, 1, 2 ** 9, euclidean],
    [1, 2 ** 20, 2 ** 9, euclidean],
    [2 ** 26, 1, 0, matrix],
    [1, 2 ** 26, 0, matrix],
    [2 ** 20, 2 ** 10, 0, matrix],
    [2 ** 16, 2 ** 16, 0, matrix],
  ])('is refused: %i by %i, in dimension %i, by costs of kind %i', (n, m, dimension, kind) => {
    expect(fits(n, m, dimension, kind)).toBe(false)
  })

  test('is larger than those that fit', () => {
    expect(fits(1, 1, 0, matrix)).toBe(true)
    expect(fits(2000, 3000, 0, matrix)).toBe(true)
    expect(fits(20_000, 30_000, 20, euclidean)).toBe(true)
  })
})

test('the ten-thousandth solve is as good as the first', () => {
  const before = solved()
  for (let time = 0; time < 10_000; time++) solved()
  expect(solved()).toEqual(before)
})
