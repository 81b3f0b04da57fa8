import { key, normal } from '@monge/random'
import { clone, dispose, mul, reshape, tensor1d } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { onBackends, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { blocksOf } from './blocks.js'
import { residenceOf } from './residence.js'
import type { Residence } from './residence.js'

const memoryOf = (pages: number): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1, maximum: pages })

onBackends(['simd'])('tensors in the kernels\' memory', (backend) => {
  const made = (memory: WebAssembly.Memory, residence: Residence, values: ArrayLike<number>): Tensor1D | undefined =>
    residence.within(({ room, tensorAt }) => {
      const at = room(values.length)
      new Float32Array(memory.buffer, at, values.length).set(values)
      return tensorAt<Tensor1D>(at, [values.length])
    })

  test('are read as any other, by their holders and by tfjs', () => {
    backend().within(() => {
      const memory = memoryOf(4)
      const residence = residenceOf(memory, 64)
      withoutLeaks(() => {
        const tensor = made(memory, residence, [1, 2, 3]) as Tensor1D
        const [copy, shaped, doubled] = [clone(tensor), reshape(tensor, [3, 1]), mul(tensor, 2)]
        dispose(tensor)
        expect([copy, shaped, doubled].map((each) => Array.from(each.dataSync()))).toEqual([[1, 2, 3], [1, 2, 3], [2, 4, 6]])
        dispose([copy, shaped, doubled])
      })
    })
  })

  test('keep their numbers for as long as they live, whatever is made after them', () => {
    backend().within(() => {
      const memory = memoryOf(64)
      const residence = residenceOf(memory, 64)
      withoutLeaks(() => {
        const draw = (i: number): Float32Array => Float32Array.from(normal(1 + ((37 * i) % 900))(key(i)))
        const alive = new Map<number, Tensor1D>()
        const wrong: number[] = []
        const end = (k: number): void => {
          const tensor = alive.get(k)
          if (tensor === undefined) return
          const wanted = draw(k)
          if (!tensor.dataSync().every((value, at) => value === wanted[at])) wrong.push(k)
          dispose(tensor)
          alive.delete(k)
        }
        for (let i = 0; i < 1000; i++) {
          alive.set(i, made(memory, residence, draw(i)) as Tensor1D)
          end(i - 5 * (i % 7))
          end(i - 40)
        }
        expect(wrong).toEqual([])
        expect(memory.buffer.byteLength).toBeLessThan(2 ** 20)
        dispose([...alive.values()])
      })
    })
  })

  test('are not changed by a holder of numbers that were read before', () => {
    backend().within(() => {
      const memory = memoryOf(4)
      const residence = residenceOf(memory, 64)
      const tensor = made(memory, residence, [1, 2, 3]) as Tensor1D
      const values = tensor.dataSync()
      dispose(tensor)
      for (let i = 0; i < 200; i++) dispose(made(memory, residence, [4, 5, 6]) as Tensor1D)
      expect(Array.from(values)).toEqual([1, 2, 3])
    })
  })

  test('of elsewhere are copied there once, and know their place', () => {
    backend().within(() => {
      const memory = memoryOf(4)
      const residence = residenceOf(memory, 64)
      const tensor = tensor1d([1, 2, 3])
      const place = (): number | undefined => residence.within(({ addressOf }) => addressOf(tensor))
      const first = place()
      expect(place()).toBe(first)
      expect(Array.from(new Float32Array(memory.buffer, first, 3))).toEqual([1, 2, 3])
      dispose(tensor)
    })
  })

  test('are not made where memory is short, and what was taken for them is given back', () => {
    backend().within(() => {
      const memory = memoryOf(2)
      const residence = residenceOf(memory, 64)
      withoutLeaks(() => {
        for (let i = 0; i < 20; i++)
          expect(residence.within(({ room, tensorAt }) => [room(12_000), room(30_000)].map((at) => tensorAt(at, [1])))).toBeUndefined()
        const tensor = made(memory, residence, new Float32Array(12_000).fill(7)) as Tensor1D
        expect(tensor.dataSync().every((value) => value === 7)).toBe(true)
        dispose(tensor)
      })
    })
  })

  test('an error of the operation is its own', () => {
    backend().within(() => {
      const residence = residenceOf(memoryOf(2), 64)
      expect(() => residence.within(() => { throw new RangeError('mine') })).toThrow('mine')
    })
  })
})

test('blocks do not overlap, and hold what was asked for', () => {
  const memory = memoryOf(100)
  const blocks = blocksOf(memory, 128)
  const sizes = [1, 64, 65, 256, 257, 320, 321, 1000, 4096, 4097, 70_000, 200_704 * 4]
  const taken = sizes.map((bytes) => ({ at: blocks.take(bytes) as number, bytes })).toSorted((a, b) => a.at - b.at)
  taken.forEach(({ at, bytes }, i) => {
    expect(at % 64).toBe(0)
    expect(at).toBeGreaterThanOrEqual(128)
    expect(Math.ceil((at + bytes) / 64) * 64).toBeLessThanOrEqual(taken[i + 1]?.at ?? memory.buffer.byteLength)
  })
  const [one] = taken
  blocks.giveBack((one as { at: number }).at, (one as { bytes: number }).bytes)
  expect(blocks.take((one as { bytes: number }).bytes)).toBe((one as { at: number }).at)
  expect(blocks.take(2 ** 30)).toBeUndefined()
})
