import { availableParallelism } from 'node:os'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { workersHere } from './workers.ts'
import { pageSource } from './worker-source.ts'

afterEach(() => vi.unstubAllGlobals())

/** Asks with other globals, which are there for as long as asking takes. */
const asked = (globals: Readonly<Record<string, unknown>>): ReturnType<typeof workersHere> => {
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value)
  try {
    return workersHere()
  } finally {
    vi.unstubAllGlobals()
  }
}

const page = { process: undefined, crossOriginIsolated: true, Worker: () => undefined, navigator: { hardwareConcurrency: 77 } }

describe('a place', () => {
  test('of Node has as many threads as run here', async () => {
    expect((await asked({}))?.concurrency).toBe(availableParallelism())
  })

  test.each([
    ['without shared memory', { SharedArrayBuffer: undefined }],
    ['that is a page which is not isolated', { ...page, crossOriginIsolated: false }],
    ['that is a page which does not know whether it is isolated', { ...page, crossOriginIsolated: undefined }],
    ['without workers', { ...page, Worker: undefined }],
  ])('%s has none', async (_name, globals) => {
    expect(await asked(globals)).toBeUndefined()
  })

  test.each([undefined, {}, { versions: {} }])('whose process is %o is a page', async (process) => {
    expect((await asked({ ...page, process }))?.concurrency).toBe(77)
  })
})

test('a worker of a page runs the text of the workers, gets its data, tells of its death, and ends when it is told to', async () => {
  const made: { readonly url: string; readonly posted: unknown[]; readonly listeners: Map<string, unknown>; ended: boolean }[] = []
  const fake = class {
    readonly record = { url: '', posted: [] as unknown[], listeners: new Map<string, unknown>(), ended: false }
    constructor(url: string) {
      this.record.url = url
      made.push(this.record)
    }
    addEventListener(name: string, listener: unknown): void {
      this.record.listeners.set(name, listener)
    }
    postMessage(data: unknown): void {
      this.record.posted.push(data)
    }
    terminate(): void {
      this.record.ended = true
    }
  }
  const texts: Blob[] = []
  const revoked: string[] = []
  const workers = await asked({ ...page, Worker: fake })
  vi.stubGlobal('Worker', fake)
  vi.stubGlobal('URL', { createObjectURL: (blob: Blob) => `blob:${texts.push(blob)}`, revokeObjectURL: (url: string) => revoked.push(url) })
  const data = { module: {} as WebAssembly.Module, memory: {} as WebAssembly.Memory, scratch: 5 }
  const onDeath = (): void => undefined
  const worker = workers?.start(data, onDeath)
  const [record] = made
  expect(record).toMatchObject({ url: 'blob:1', posted: [data], ended: false })
  expect(record?.listeners.get('error')).toBe(onDeath)
  expect([await texts[0]?.text(), texts[0]?.type]).toEqual([pageSource, 'text/javascript'])
  worker?.stop()
  expect([record?.ended, revoked]).toEqual([true, ['blob:1']])
})
