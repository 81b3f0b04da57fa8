import { expect, test } from 'vitest'
import { allocated, heapOf, over, stackOf } from './heap.ts'

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

test('a small block that was given back goes to the next of its size, not to the first that it has room for', () => {
  const heap = heapOf(memoryOf(), 1024)
  const [first, second, third] = [128, 64, 2 * page].map(heap.allocate)
  heap.free(first ?? NaN)
  heap.free(second ?? NaN)
  expect(heap.allocate(64)).toBe(second)
  // A large one is cut as it is needed.
  heap.free(third ?? NaN)
  expect([heap.allocate(page), heap.allocate(page)]).toEqual([third, (third ?? NaN) + page])
  expect(heap.allocate(100)).toBe(first)
})

test('what no memory holds is refused, and what is held stays', () => {
  const heap = heapOf(memoryOf(), 1024)
  const at = heap.allocate(64)
  expect(() => heap.allocate(8 * page)).toThrow(expect.objectContaining({ tag: 'BackendFailure' }))
  expect(heap.allocate(64)).toBe(at + 64)
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

/** A heap that counts what is taken, and has no memory while it is told so. */
const counting = () => {
  const heap = heapOf(memoryOf(), 1024)
  const live = new Set<number>()
  let refuses = (_bytes: number): boolean => false
  return {
    live,
    refuse: (when: (bytes: number) => boolean): void => {
      refuses = when
    },
    heap: {
      ...heap,
      allocate: (bytes: number): number => {
        if (refuses(bytes)) throw new RangeError('no memory')
        const at = heap.allocate(bytes)
        live.add(at)
        return at
      },
      free: (at: number): void => {
        expect(live.delete(at)).toBe(true)
        heap.free(at)
      },
    },
  }
}

test('of several blocks there are all or none, and none where what is made over one fails', () => {
  const { heap, live, refuse } = counting()
  const blocks = allocated(heap, [64, 128, 256])
  expect(Array.from(live)).toEqual(blocks)
  refuse((bytes) => bytes === 256)
  expect(() => allocated(heap, [64, 128, 256])).toThrow('no memory')
  expect(Array.from(live)).toEqual(blocks)
  expect(over(heap, blocks[0] ?? NaN, (at) => at + 1)).toBe((blocks[0] ?? NaN) + 1)
  expect(() =>
    over(heap, blocks[0] ?? NaN, () => {
      throw new Error('not made')
    }),
  ).toThrow('not made')
  expect(Array.from(live)).toEqual(blocks.slice(1))
})

test('a stack gives back what did not fit, and fits it the next time where there is memory', () => {
  const { heap, live, refuse } = counting()
  const stack = stackOf(heap)
  const fill = (): readonly number[] => [page / 2, page, 64].map((bytes) => stack.push(bytes))
  const [first = NaN] = fill()
  expect(live.size).toBe(3)
  stack.cut(page / 2)
  // What was taken before stays, and so does its place.
  expect(live.size).toBe(1)
  expect(stack.push(64)).toBe(first + page / 2)
  stack.cut(0)
  fill()
  refuse((bytes) => bytes > page)
  stack.cut(0)
  expect(live.size).toBe(1)
  fill()
  expect(live.size).toBe(3)
  refuse(() => false)
  stack.cut(0)
  expect(live.size).toBe(1)
  const [at = NaN, next = NaN, last = NaN] = fill()
  expect([next - at, last - next]).toEqual([page / 2, page])
  expect(live.size).toBe(1)
})
