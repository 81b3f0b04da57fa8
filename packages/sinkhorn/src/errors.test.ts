import { tensorFrom } from '@monge/backend'
import { fromFunction, fromMatrix, pullback, radial, squaredEuclidean } from '@monge/costs'
import type { MongeError } from '@monge/errors'
import { valueAndGradient } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { add, dispose, log, matMul, neg, square, sub } from '@tensorflow/tfjs-core'
import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { eachBackend, withoutLeaks } from '../../../tooling/testing/src/index.ts'
import {
  annealing,
  constantSchedule,
  debiasedPotentials,
  extendSourcePotential,
  geometricSchedule,
  hausdorffDivergence,
  sinkhornCost,
  sinkhornDivergence,
  solve,
  solveAsync,
  solveBatch,
  sparsePlan,
} from './index.js'
import type { SinkhornOptions } from './index.js'

const makers = { sinkhornDivergence, sinkhornCost, hausdorffDivergence, debiasedPotentials, solve, solveAsync, solveBatch }

const wrong: readonly (readonly [string, object])[] = [
  ['p', { p: 0 }],
  ['p', { p: Number.NaN }],
  ['blur', { blur: 0 }],
  ['blur', { blur: -1 }],
  ['blur', { blur: Number.NaN }],
  ['blur', { blur: Infinity }],
  ['blur', { blur: '1' }],
  ['reach', { reach: 0 }],
  ['diameter', { diameter: -2 }],
  ['scaling', { scaling: 0 }],
  ['scaling', { scaling: 1 }],
  ['scaling', { scaling: Number.NaN }],
  ['tolerance', { tolerance: 0 }],
  ['maximumIterations', { maximumIterations: 0 }],
  ['maximumIterations', { maximumIterations: 1.5 }],
  ['acceleration', { acceleration: { kind: 'relaxation', factor: 2 } }],
  ['acceleration', { acceleration: { kind: 'relaxation' } }],
  ['acceleration', { acceleration: { kind: 'anderson', memory: 0 } }],
  ['acceleration', { acceleration: { kind: 'anderson', memory: 2.5 } }],
  ['acceleration', { acceleration: { kind: 'nesterov' } }],
  ['unknown option "blurr"', { blurr: 1 }],
]

const fault = (tag: MongeError['tag']): object => expect.objectContaining({ name: 'MongeError', tag })

describe.each(Object.entries(makers))('%s', (name, make) => {
  test.each(wrong)('refuses a wrong %s: %o', (option, options) => {
    expect(() => make(options as SinkhornOptions)).toThrow(fault('InvalidOption'))
    expect(() => make(options as SinkhornOptions)).toThrow(option)
    expect(() => make(options as SinkhornOptions)).toThrow(name)
  })
})

test('schedules and plans refuse wrong arguments', () => {
  for (const make of [
    () => annealing(1, 2),
    () => annealing(0.5, 0),
    () => constantSchedule(0),
    () => geometricSchedule(1),
    () => sparsePlan(0),
  ])
    expect(make).toThrow(fault('InvalidOption'))
})

test('debiasing refuses costs without a self-cost of one potential', () => {
  const lopsided = fromFunction('lopsided', (x, y) => matMul(x, y, false, true))
  const given = { name: 'given', pairwise: { tag: 'matrix', entries: undefined }, symmetric: true }
  for (const make of [sinkhornDivergence, hausdorffDivergence, debiasedPotentials])
    for (const cost of [lopsided, given as never]) expect(() => make({ cost })).toThrow(fault('InvalidOption'))
  expect(() => hausdorffDivergence({ reach: 1 })).toThrow(fault('InvalidOption'))
})

eachBackend('what does not fit', (backend) => {
  test('clouds whose costs overflow are refused', () => {
    const size = backend().precision === 'float64' ? 1e160 : 1e30
    const measures = [[0], [size]].map((point) => measureOrThrow(fromArrays([point, [size / 2]], undefined, backend())))
    const [mu, nu] = measures as [Measure, Measure]
    expect(() => sinkhornDivergence()(backend())(mu, nu)).toThrow(fault('InvalidArgument'))
    expect(() => solve()(backend())(mu, nu)).toThrow('too large')
    measures.forEach(disposeMeasure)
  })

  const on = <A>(body: (line: Measure, plane: Measure, heavy: Measure) => A): A => {
    const measure = (points: readonly (readonly number[])[], weights: readonly number[]): Measure =>
      measureOrThrow(fromArrays(points, weights, backend()))
    const [line, plane, heavy] = [
      measure([[0], [1], [3]], [0.25, 0.5, 0.25]),
      measure([[0, 0], [1, 2]], [0.5, 0.5]),
      measure([[0.5], [2]], [1, 1]),
    ]
    const release = (): void => {
      for (const each of [line, plane, heavy]) disposeMeasure(each)
    }
    const result = body(line, plane, heavy)
    if (result instanceof Promise) return result.finally(release) as A
    release()
    return result
  }

  const usersCosts = [
    radial('logarithm of a negative number', (s) => log(sub(neg(s), 1))),
    fromFunction('NaN', (x, y) => log(sub(neg(square(matMul<Tensor2D>(x, y, false, true))), 1)), { symmetric: true }),
    { ...pullback((x) => log(sub(neg(square(x)), 1)))(squaredEuclidean), name: 'a pullback' },
  ]

  const calls: readonly (readonly [string, (options: SinkhornOptions) => (mu: Measure, nu: Measure) => unknown])[] = [
    ['sinkhornDivergence', (options) => sinkhornDivergence(options)(backend())],
    ['the gradient of sinkhornCost', (options) => valueAndGradient(sinkhornCost(options)(backend()))],
    ['hausdorffDivergence', (options) => hausdorffDivergence(options)(backend())],
    ['debiasedPotentials', (options) => debiasedPotentials(options)(backend())],
    ['solve', (options) => solve(options)(backend())],
  ]

  const expectRefusal = (tag: MongeError['tag'], body: () => unknown): void => {
    withoutLeaks(() => {
      expect(body).toThrow(fault(tag))
    })
  }

  describe.each(calls)('is refused by %s', (_, call) => {
    test('where dimensions differ', () => {
      on((line, plane) => {
        expectRefusal('DimensionMismatch', () => call({})(line, plane))
      })
    })
    test('where masses differ, unless there is a reach', () => {
      on((line, __, heavy) => {
        expectRefusal('MassMismatch', () => call({})(line, heavy))
      })
    })
    test('where a schedule does not end at epsilon', () => {
      on((line) => {
        const beginnings = [NaN, -1, 0, Infinity].map((first) => (__: number, epsilon: number) => [first, epsilon])
        for (const schedule of [() => [], () => [1], ...beginnings])
          expectRefusal('InvalidOption', () => call({ schedule })(line, line))
      })
    })
    test.each(usersCosts.flatMap((cost) => [undefined, 1e-3].map((tolerance) => [cost.name, tolerance, cost] as const)))(
      'where %s makes no numbers, with tolerance %s',
      (__, tolerance, cost) => {
        on((line) => {
          const nu = { points: line.points.clone(), weights: line.weights.clone() }
          expectRefusal('Diverged', () => call({ cost, ...(tolerance !== undefined && { tolerance }) })(line, nu))
          disposeMeasure(nu)
        })
      },
    )
  })

  test('a matrix of another shape is refused', () => {
    on((line) => {
      // The second and the third fit one of the measures.
      for (const matrix of [[[1, 2]], [[1, 2, 3]], [[1], [2], [3]]]) {
        const cost = fromMatrix(matrix, backend())
        const reason = `the cost matrix is ${matrix.length} by ${matrix[0]?.length ?? NaN}, but the measures have 3 and 3 points`
        for (const body of [() => solve({ cost })(backend())(line, line), () => sinkhornCost({ cost })(backend())(line, line)]) {
          expectRefusal('DimensionMismatch', body)
          expect(body).toThrow(reason)
        }
        if (cost.pairwise.tag === 'matrix') cost.pairwise.entries.dispose()
      }
    })
  })

  test('features that are no numbers are the reason', () => {
    on((line) => {
      const [, , cost] = usersCosts
      for (const options of [{ cost }, { cost, tolerance: 1e-3 }] as SinkhornOptions[])
        expect(() => solve(options)(backend())(line, line)).toThrow('the costs are not numbers')
    })
  })

  test('a start of another size is refused', () => {
    on((line) => {
      const [short, whole] = [2, 3].map((size) => backend().within(() => tensorFrom<Tensor1D>(new Float64Array(size), [size]))) as [Tensor1D, Tensor1D]
      for (const [f, g] of [[short, short], [short, whole], [whole, short]] as const)
        expectRefusal('DimensionMismatch', () => solve({ start: { f, g } })(backend())(line, line))
      dispose([short, whole])
    })
  })

  test('a potential of a matrix cannot be extended', () => {
    on((line) => {
      const cost = fromMatrix([[0, 1, 2], [1, 0, 1], [2, 1, 0]], backend())
      const { f, g, plan } = solve({ cost })(backend())(line, line)
      expectRefusal('InvalidArgument', () => extendSourcePotential(plan))
      dispose([f, g, ...(cost.pairwise.tag === 'matrix' ? [cost.pairwise.entries] : [])])
    })
  })

  const abortion = (): AbortSignal => {
    const controller = new AbortController()
    controller.abort(new Error('enough'))
    return controller.signal
  }

  test('an aborted signal is seen before any work', async () => {
    await on(async (line) => {
      let sweeps = 0
      const options = { signal: abortion(), onProgress: () => (sweeps += 1) }
      expectRefusal('Aborted', () => solve(options)(backend())(line, line))
      expectRefusal('Aborted', () => solveBatch(options)(backend())([[line, line]]))
      await withoutLeaks(async () => {
        await expect(solveAsync(options)(backend())(line, line)).rejects.toThrow(fault('Aborted'))
      })
      expect(sweeps).toBe(0)
    })
  })

  test('a signal stops a solve between sweeps, from within or by a timer, and leaves no tensor behind', async () => {
    await on(async (line, __, heavy) => {
      const endless = { blur: 0.01, reach: 5, tolerance: 1e-300, maximumIterations: 1e9, acceleration: { kind: 'none' } } as const
      const features = { cost: pullback((x) => add(x, 1))(squaredEuclidean) }
      for (const more of [{}, features]) {
        const controller = new AbortController()
        let sweeps = 0
        const onProgress = (): void => {
          sweeps += 1
          if (sweeps === 5) controller.abort()
        }
        const options = { ...endless, ...more, onProgress, signal: controller.signal }
        expectRefusal('Aborted', () => solve(options)(backend())(line, heavy))
        expect(sweeps).toBe(5)
        await withoutLeaks(async () => {
          const timed = new AbortController()
          setTimeout(() => {
            timed.abort()
          }, 30)
          const run = solveAsync({ ...endless, ...more, signal: timed.signal }, 5)(backend())(line, heavy)
          await expect(run).rejects.toThrow(fault('Aborted'))
        })
      }
    })
  })

  test('an error of the caller’s own stops a solve, and leaves no tensor behind', () => {
    on((line, __, heavy) => {
      const onProgress = (): void => {
        throw new Error('mine')
      }
      withoutLeaks(() => {
        expect(() => solve({ reach: 1, onProgress })(backend())(line, heavy)).toThrow('mine')
        let problems = 0
        const second = (problem: number): void => {
          problems = problem
          if (problem === 1) throw new Error('mine')
        }
        expect(() =>
          solveBatch({ reach: 1, onProgress: second })(backend())([[line, heavy], [line, heavy]]),
        ).toThrow('mine')
        expect(problems).toBe(1)
      })
    })
  })
})
