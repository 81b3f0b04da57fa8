import { describe, expect, test } from 'vitest'
import { isMongeError } from '@monge/errors'
import { chunkBits, controlAddress, controlWords } from './layout.ts'
import { compile } from './module.ts'
import { onePool, threadPool } from './pool.ts'
import type { Pool } from './pool.ts'
import type { Workers } from './workers.ts'

const module = await compile(true)

let onChunk: () => void = () => undefined

interface Trial {
  readonly pool: Pool
  readonly done: readonly number[]
}

const trial = (start: Workers['start'], patience = 50): Trial => {
  const done: number[] = []
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true })
  const pool = threadPool({
    run: (_format, _job, chunk) => {
      done.push(chunk)
      onChunk()
    },
    module,
    memory,
    workers: { concurrency: 2, start },
    scratches: [0, 1],
    patience,
  })
  return { pool, done }
}

const faultOf = (body: () => void): string => {
  try {
    body()
    return 'none'
  } catch (error) {
    return isMongeError(error) ? error.tag : String(error)
  }
}

const idle = { stop: () => undefined }

describe('a pool of threads', () => {
  test('does all chunks itself where nobody comes to help', () => {
    const { pool, done } = trial(() => idle)
    pool.perform(0, 5)
    pool.perform(0, 3)
    expect(done).toEqual([0, 1, 2, 3, 4, 0, 1, 2])
  })

  test('starts no worker for a single chunk', () => {
    let started = 0
    const { pool, done } = trial(() => {
      started += 1
      return idle
    })
    pool.perform(0, 1)
    expect([started, done]).toEqual([0, [0]])
    pool.perform(0, 2)
    pool.perform(0, 2)
    expect(started).toBe(1)
  })

  test('throws, and does not hang, when a worker takes a chunk and is not heard of again', () => {
    let control = new Int32Array(4)
    const { pool, done } = trial(({ memory }) => {
      control = new Int32Array(memory.buffer, controlAddress, 4)
      return idle
    })
    pool.perform(0, 2)
    // The worker's claim comes while the caller is at its first chunk: one is missing at the end.
    onChunk = () => {
      onChunk = () => undefined
      Atomics.add(control, controlWords.next, 1)
    }
    expect(faultOf(() => pool.perform(0, 4))).toBe('BackendFailure')
    expect(Atomics.load(control, controlWords.next) >> chunkBits).toBe(4)
    const before = done.length
    pool.perform(0, 4)
    expect(done.slice(before)).toEqual([0, 1, 2, 3])
  })

  test('throws at the next job when a worker has died between two, and goes on alone', () => {
    let die: (cause: unknown) => void = () => undefined
    const { pool, done } = trial((_data, onDeath) => {
      die = onDeath
      return idle
    })
    pool.perform(0, 2)
    die(new Error('killed'))
    expect(faultOf(() => pool.perform(0, 2))).toBe('BackendFailure')
    pool.perform(0, 3)
    expect(done).toEqual([0, 1, 0, 1, 2])
  })

  test('of one does the chunks in their order', () => {
    const done: (readonly number[])[] = []
    onePool((...call) => done.push(call), 7).perform(2, 2)
    expect(done.map(([format, , chunk, scratch]) => [format, chunk, scratch])).toEqual([
      [2, 0, 7],
      [2, 1, 7],
    ])
  })
})
