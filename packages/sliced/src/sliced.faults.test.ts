import { instancesOf } from '@monge/backend'
import { isMongeError } from '@monge/errors'
import { toNumber, valueAndGradient } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { key } from '@monge/random'
import { dispose, memory, mul, slice } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { afterEach, describe, expect, test } from 'vitest'
import { eachBackend, isEngine } from '../../../tooling/testing/src/index.ts'
import { slicesModule } from './binary.js'
import { generalisedSliced, slicedPlan, slicedWasserstein } from './index.js'

/*
 * What goes wrong around slices: they answer with a typed error or with the right numbers, leave no tensor behind, and
 * the next call is as good as the first.
 */

const options = { key: key(1), count: 3 } as const

const faultOf = (body: () => unknown): string => {
  try {
    body()
    return 'none'
  } catch (error) {
    return isMongeError(error) ? `${error.tag} at ${error.where}` : String(error)
  }
}

eachBackend('slices', (backend) => {
  /** Runs the fault between two measures, before and after which the distance is the same. */
  const around = (fault: (mu: Measure, nu: Measure) => void): void => {
    const [mu, nu] = [[[0, 0], [1, 2], [2, 1]], [[0.5, 3], [3, 3]]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    const distance = () => toNumber(slicedWasserstein(options)(backend()))(mu, nu)
    const before = distance()
    const tensors = memory().numTensors
    fault(mu, nu)
    expect(memory().numTensors - tensors, 'tensors left behind').toBe(0)
    expect(distance()).toBe(before)
    disposeMeasure(mu)
    disposeMeasure(nu)
  }

  test.each<readonly [string, (points: Tensor2D) => Tensor2D, RegExp]>([
    ['throw', () => {
      throw new Error('mine')
    }, /^Error: mine$/],
    ['are not numbers', (points) => mul(points, NaN), /^[A-Z]\w+ at generalisedSliced/],
    ['are of other points', (points) => slice(points, [0, 0], [1, 2]), /^[A-Z]\w+ at generalisedSliced/],
  ])('by projections that %s end there, and the next are as ever', (_, projections, expected) => {
    around((mu, nu) => {
      const loss = generalisedSliced({ projections })(backend())
      expect(faultOf(() => loss(mu, nu))).toMatch(expected)
      expect(faultOf(() => valueAndGradient(loss)(mu, nu))).toMatch(expected)
    })
  })

  test('are as good the thousandth time as the first', () => {
    around((mu, nu) => {
      const loss = slicedWasserstein(options)(backend())
      for (let time = 0; time < 1000; time++) loss(mu, nu).dispose()
      expect(toNumber(loss)(mu, nu)).toBeGreaterThan(0)
      const { value, mu: one, nu: other } = valueAndGradient(loss)(mu, nu)
      dispose([value, one.points, one.weights, other.points, other.weights])
    })
  })
})

eachBackend('a sliced plan, where WebAssembly has no memory', (backend) => {
  const { Instance } = WebAssembly
  afterEach(() => {
    WebAssembly.Instance = Instance
  })

  const planned = () => {
    const [mu, nu] = [[[0, 0], [1, 2]], [[0.5, 3], [3, 3]]].map((points) => measureOrThrow(fromArrays(points, undefined, backend())))
    try {
      return slicedPlan(options)(backend())(mu, nu)
    } finally {
      disposeMeasure(mu)
      disposeMeasure(nu)
    }
  }

  describe.each<readonly [string, string, (Real: typeof Instance) => unknown]>([
    [
      'for another instance',
      'BackendFailure at slicedPlan',
      () => () => {
        throw new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance')
      },
    ],
    [
      'for the clouds',
      'InvalidArgument at slicedPlan',
      (Real) => (module: WebAssembly.Module, imports: WebAssembly.Imports) => ({
        exports: { ...new Real(module, imports).exports, layout: () => 0 },
      }),
    ],
  ])('%s', (_, expected, broken) => {
    test('throws a typed error; the next one, with memory, is right', () => {
      const before = planned()
      const make = broken(Instance) as (...given: readonly unknown[]) => object
      WebAssembly.Instance = function (...given: readonly unknown[]) {
        return make(...given)
      } as unknown as typeof Instance
      expect(faultOf(planned)).toBe(expected)
      WebAssembly.Instance = Instance
      expect(planned()).toEqual(before)
    })
  })

  test('is as good the ten-thousandth time as the first', () => {
    const before = planned()
    // It is computed on the host, wherever the measures lie: once is enough.
    if (backend().name === 'cpu' && isEngine(backend())) for (let time = 0; time < 10_000; time++) planned()
    expect(planned()).toEqual(before)
  })
})

describe('clouds of which no memory holds what they are sliced in', () => {
  const start = instancesOf<{ readonly layout: (n: number, m: number, d: number, p: number, exact: number, uniform: number) => number }>(
    slicesModule,
  )
  const fit = (n: number, m: number, d: number): boolean => start('a test', { slices: { pow: Math.pow } }).layout(n, m, d, 2, 1, 0) !== 0

  // Beyond four gibibytes addresses begin anew, so that these sizes could come to little.
  test.each([
    [2 ** 20, 1, 2 ** 9],
    [1, 2 ** 20, 2 ** 9],
    [2 ** 25, 2 ** 25, 1],
    [2 ** 28, 1, 1],
    [1, 2 ** 28, 1],
    [1, 1, 2 ** 27],
    [2 ** 30, 1, 2 ** 18],
  ])('are refused: %i and %i points in dimension %i', (n, m, d) => {
    expect(fit(n, m, d)).toBe(false)
  })

  test('are larger than those that fit', () => {
    expect(fit(1, 1, 1)).toBe(true)
    expect(fit(3000, 5000, 20)).toBe(true)
  })
})
