import { dispose, fill, getBackend, setBackend } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { tensorOf } from '../../../../tooling/testing/src/geometry-check.ts'
import { eachBackend, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import type { Pairwise } from '../index.js'
import { portableBackend } from './portable-backend.js'

test('a backend that tfjs does not know is an error that says what to import', async () => {
  await expect(portableBackend('webgpu')).rejects.toMatchObject({
    name: 'MongeError',
    tag: 'BackendUnavailable',
    message: expect.stringContaining('import "@tensorflow/tfjs-backend-webgpu" first, in a page or a worker') as string,
  })
  await expect(portableBackend('abacus')).rejects.toMatchObject({ tag: 'BackendUnavailable' })
})

eachBackend('the portable backend', (backend) => {
  const distance: Pairwise = { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 0.5 } }

  test('knows its place', async () => {
    const portable = await portableBackend(backend().name)
    expect([portable.name, portable.precision]).toEqual([backend().name, backend().precision])
  })

  test('leaves tfjs on the backend it was on', async () => {
    await portableBackend(backend().name)
    expect(getBackend()).toBe(backend().name)
    await setBackend(backend().name)
  })

  test('refuses a budget that is none, and options that it does not know', async () => {
    await expect(portableBackend(backend().name, { memoryBudget: 0 })).rejects.toMatchObject({ tag: 'InvalidOption' })
    const misspelt = { memorybudget: 1 } as object
    await expect(portableBackend(backend().name, misspelt)).rejects.toThrow('unknown option "memorybudget"')
  })

  test('refuses points and entries that do not fit', async () => {
    const portable = await portableBackend(backend().name)
    const [x, y, entries] = [
      tensorOf([
        [1, 2],
        [3, 4],
      ]),
      tensorOf([[1, 2, 3]]),
      tensorOf([[1], [2], [3]]),
    ]
    const wide: Pairwise = { tag: 'function', value: () => entries }
    const empty = fill([0, 2], 0) as Tensor2D
    withoutLeaks(() => {
      expect(() => portable.geometry(distance, x, y)).toThrow('geometry: points of dimension 2 and 3')
      expect(() => portable.geometry(distance, x, empty)).toThrow(
        'geometry: y: expected points [n, d], got shape [0, 2]',
      )
    })
    withoutLeaks(() => {
      const made = portable.geometry(wide, x, x)
      expect(() => made.entries(0, 2)).toThrow('geometry: function: expected it to return [2, 2], got [3, 1]')
      made.dispose()
      for (const shape of [[3, 2], [2, 3], [2, 2, 1]]) {
        const other = portable.geometry({ tag: 'function', value: () => fill(shape as [number, number], 1) }, x, x)
        expect(() => other.entries(0, 2)).toThrow(`expected it to return [2, 2], got [${shape.join(', ')}]`)
        other.dispose()
      }
      expect(() => portable.geometry({ tag: 'matrix', entries }, x, y)).toThrow(
        'geometry: matrix: expected entries [2, 1], got [3, 1]',
      )
    })
    dispose([x, y, entries, empty])
  })

  test('keeps its own copy of the points until the geometry is disposed of', async () => {
    const portable = await portableBackend(backend().name)
    withoutLeaks(() => {
      const x = tensorOf([[0], [1], [3]])
      const geometry = portable.geometry(distance, x, x)
      x.dispose()
      expect(Array.from(geometry.entries(0, 3))).toEqual([0, 1, 3, 1, 0, 2, 3, 2, 0])
      expect(Array.from(geometry.transpose().entries(2, 1))).toEqual([3, 2, 0])
      geometry.transpose().dispose()
      expect(Array.from(geometry.entries(1, 1))).toEqual([1, 0, 2])
      geometry.dispose()
    })
  })

  test('computes a matrix of costs once if it fits the budget, and each time if it does not', async () => {
    const calls = { kept: 0, made: 0 }
    const counting = (kind: keyof typeof calls): Pairwise => ({
      tag: 'function',
      value: (x) => {
        calls[kind] += 1
        return fill([x.shape[0], 3], 1) as Tensor2D
      },
    })
    const [large, small] = [
      await portableBackend(backend().name),
      await portableBackend(backend().name, { memoryBudget: 8 }),
    ]
    const x = tensorOf([[0], [1], [3]])
    for (const [portable, kind] of [
      [large, 'kept'],
      [small, 'made'],
    ] as const) {
      const geometry = portable.geometry(counting(kind), x, x)
      const q = portable.vectors.fromArray([0, 0, 0])
      for (const epsilon of [1, 2, 2]) portable.vectors.release(geometry.softmin(epsilon, q))
      portable.vectors.release(q)
      geometry.dispose()
    }
    x.dispose()
    expect(calls).toEqual({ kept: 1, made: 9 })
  })
})
