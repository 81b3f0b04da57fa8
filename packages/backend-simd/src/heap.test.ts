import { expect, test } from 'vitest'
import { heapOf } from './heap.ts'

const page = 65536
const memoryOf = (): WebAssembly.Memory => new WebAssembly.Memory({ initial: 1, maximum: 8 })
const pagesOf = (memory: WebAssembly.Memory): number => memory.buffer.byteLength / page

test('memory grows by what the room at its end lacks, and no more', () => {
  const memory = memoryOf()
  const heap = heapOf(memory, 1024)
  expect(heap.allocate(2 * page - 1024)).toBe(1024)
  expect(pagesOf(memory)).toBe(2)
  // Now there is none.
  expect(heap.allocate(64)).toBe(2 * page)
  expect(pagesOf(memory)).toBe(3)
  expect(heap.allocate(2 * page)).toBe(2 * page + 64)
  expect(pagesOf(memory)).toBe(5)
})

test('room that was given back serves again, joined to its neighbours', () => {
  const memory = memoryOf()
  const heap = heapOf(memory, 1024)
  const [first, second, third] = [20_032, 20_032, 64].map(heap.allocate)
  heap.free(first ?? NaN)
  heap.free(second ?? NaN)
  expect(heap.allocate(40_064)).toBe(first)
  expect(third).toBe(1024 + 40_064)
  expect(pagesOf(memory)).toBe(1)
})

test('of two blocks neither reaches into the other, however they come and go', () => {
  const heap = heapOf(memoryOf(), 1024)
  const held: { readonly at: number; readonly size: number }[] = []
  for (let turn = 0; turn < 300; turn++) {
    const size = 1 + ((turn * 7919) % 5000)
    const at = heap.allocate(size)
    expect(at % 64).toBe(0)
    for (const other of held) expect(at + size <= other.at || other.at + other.size <= at).toBe(true)
    held.push({ at, size })
    if (held.length > 20) held.splice((turn * 31) % 20, 2).forEach((block) => heap.free(block.at))
  }
})
