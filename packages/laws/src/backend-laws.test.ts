import type { Backend, Geometry } from '@monge/backend'
import { keep, zeros } from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { eachBackend, reference, runs } from '../../../tooling/testing/src/index.ts'
import { backendLaws, brokenLaws, checkLaws, vectorLaws } from './index.js'

eachBackend('the laws of backends', (backend) => {
  let oracle: Backend | undefined
  const truth = (): Backend => oracle ?? backend()
  beforeAll(async () => {
    oracle = await reference()
  })

  describe('hold', () => {
    checkLaws(backendLaws(backend, truth), { test, parameters: { numRuns: runs(100) } })
  })

  test('begin with those of its vectors, which stand alone as well', () => {
    const names = (laws: ReturnType<typeof vectorLaws>): readonly string[] => laws.map(({ name }) => name)
    const own = names(vectorLaws(backend))
    expect(own.length).toBeGreaterThan(5)
    expect(names(backendLaws(backend, truth))).toEqual(expect.arrayContaining([...own]))
    const given = backend()
    const wrong: Backend = { ...given, within: (body) => given.within(body), vectors: { ...bound(given.vectors), multiply: (u) => u } }
    expect(brokenLaws(vectorLaws(() => wrong), { numRuns: runs(100), endOnFailure: true })).toEqual([
      'products are those of their definition',
    ])
  })

  describe('catch', () => {
    type Change = <V>(geometry: Geometry<V>, backend: Backend<V>) => Partial<Geometry<V>>
    const changed = (change: Change): Backend => {
      const given = backend()
      const geometry: Backend['geometry'] = (pairwise, x, y) => {
        const made = given.geometry(pairwise, x, y)
        const { softmins: _, ...methods } = bound(made)
        return { ...methods, ...change(made, given) }
      }
      return { ...given, within: (body) => given.within(body), geometry }
    }
    const expectBroken = (candidate: () => Backend, name: string) => {
      const laws = backendLaws(candidate, truth).filter((one) => one.name === name)
      expect(brokenLaws(laws, { numRuns: runs(100), endOnFailure: true })).toEqual([name])
    }

    test.each<readonly [string, string, Change]>([
      [
        'a softmin of the wrong sign',
        'softmin agrees with the reference',
        (made, { vectors }) => ({ softmin: (epsilon, q) => vectors.linear([[-1, made.softmin(epsilon, q)]]) }),
      ],
      [
        'a softmin at twice the temperature',
        'softmin agrees with the reference',
        (made) => ({ softmin: (epsilon, q) => made.softmin(2 * epsilon, q) }),
      ],
      [
        'a transpose that is none of the kind',
        'softmin of the transpose agrees with the reference',
        (made, { vectors }) => ({
          transpose: () => ({
            ...bound(made.transpose()),
            softmin: (epsilon, q) => vectors.linear([[1, made.transpose().softmin(epsilon, q)]], epsilon),
          }),
        }),
      ],
      [
        'a plan without its first scaling',
        'planSum agrees with the reference',
        (made, { vectors }) => ({
          planSum: (epsilon, p, q, v, k) => made.planSum(epsilon, vectors.linear([[0, p]]), q, v, k),
        }),
      ],
      [
        'a gradient of half the size',
        'planGradient agrees with the reference',
        (made, { vectors }) => ({
          planGradient: (epsilon, p, q, u, v, k) => vectors.linear([[0.5, made.planGradient(epsilon, p, q, u, v, k)]]),
        }),
      ],
      [
        'a gradient without the source’s factor',
        'sumGradient agrees with the reference',
        (made, { vectors }) => ({
          sumGradient: (u, v, k) => made.sumGradient(vectors.linear([[0, u]], 1), v, k),
        }),
      ],
      [
        'a minimum that forgets the potential',
        'minimum agrees with the reference',
        (made, { vectors }) => ({ minimum: (g) => made.minimum(vectors.linear([[0, g]])) }),
      ],
      [
        'a cost off by one part in a thousand',
        'planCost agrees with the reference',
        (made, { vectors }) => ({ planCost: (epsilon, p, q) => vectors.linear([[1.001, made.planCost(epsilon, p, q)]]) }),
      ],
      [
        'a sum with an offset',
        'sum agrees with the reference',
        (made, { vectors }) => ({ sum: (v, k) => vectors.linear([[1, made.sum(v, k)]], 1) }),
      ],
      [
        'entries of the wrong rows',
        'entries agrees with the reference',
        (made) => ({ entries: (start, count) => made.entries(start, count).map((entry) => -entry) }),
      ],
      [
        'one softmin for the other',
        'softmins agrees with the reference',
        (made) => ({
          softmins: (epsilon, p, q) => {
            const first = made.softmin(epsilon, q)
            return { f: made.transpose().softmin(epsilon, p), g: first }
          },
        }),
      ],
      [
        'a tensor left behind',
        'reductions leave no tensor behind',
        (made) => ({
          minimum: (g) => {
            keep(zeros([1]))
            return made.minimum(g)
          },
        }),
      ],
    ])('%s', (_, name, change) => {
      expectBroken(() => changed(change), name)
    })

    test.each<readonly [string, string, (vectors: Backend['vectors']) => Partial<Backend['vectors']>]>([
      [
        'exponentials less one by subtraction',
        'exponentials less one are those of their definition',
        // Rounded in between, since an engine's vectors may have more digits than its precision promises.
        (vectors) => ({
          exponentialMinusOne: (v) =>
            vectors.fromArray(vectors.toArray(vectors.exponential(v)).map((value) => Math.fround(value) - 1)),
        }),
      ],
      [
        'a constant left out',
        'linear combinations are those of their definition',
        (vectors) => ({ linear: (terms) => vectors.linear(terms) }),
      ],
      [
        'a scope that frees nothing',
        'scopes free what was made in them, save results and what is kept',
        () => ({
          scope: (body) => {
            keep(zeros([1]))
            return body()
          },
        }),
      ],
    ])('%s', (_, name, change) => {
      expectBroken(() => {
        const given = backend()
        return { ...given, within: (body) => given.within(body), vectors: { ...bound(given.vectors), ...change(given.vectors) } }
      }, name)
    })
  })
})

/** The same record with its methods bound to it, so that it can be spread. */
const bound = <A extends object>(record: A): A =>
  Object.fromEntries(
    Object.entries(record).map(([name, value]: [string, unknown]) => [
      name,
      typeof value === 'function' ? (value.bind(record) as unknown) : value,
    ]),
  ) as A
