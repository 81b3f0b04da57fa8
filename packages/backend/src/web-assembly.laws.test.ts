import { fc } from '@fast-check/vitest'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runs } from '../../../tooling/testing/src/index.ts'
import { instanceHere, instancesOf } from './web-assembly.js'

const textOf = (...sections: readonly (readonly number[])[]): string =>
  btoa(String.fromCharCode(0, 97, 115, 109, 1, 0, 0, 0, ...sections.flat()))

/** Exports `next`, which counts its calls. */
const counter = textOf(
  [1, 5, 1, 96, 0, 1, 127],
  [3, 2, 1, 0],
  [6, 6, 1, 127, 1, 65, 0, 11],
  [7, 8, 1, 4, 110, 101, 120, 116, 0, 0],
  [10, 13, 1, 11, 0, 35, 0, 65, 1, 106, 36, 0, 35, 0, 11],
)

/** Exports `f`, which it imports from `env`. */
const relay = textOf([1, 5, 1, 96, 0, 1, 127], [2, 9, 1, 3, 101, 110, 118, 1, 102, 0, 0], [7, 5, 1, 1, 102, 0, 0])

interface Counter {
  readonly next: () => number
}

const { Module, Instance } = WebAssembly
afterEach(() => {
  WebAssembly.Module = Module
  WebAssembly.Instance = Instance
})

/** From here on no instance starts; the attempts are counted. */
const withoutInstances = () => {
  const attempt = vi.fn<() => WebAssembly.Instance>(() => {
    throw new RangeError('Out of memory')
  })
  WebAssembly.Instance = function () {
    return attempt()
  } as unknown as typeof Instance
  return attempt
}

describe('instances of a module', () => {
  test('share nothing: each counts by itself, in whatever order they are called', () => {
    const start = instancesOf<Counter>(counter)
    fc.assert(
      fc.property(fc.array(fc.nat(3)), (calls) => {
        const counters = [0, 1, 2, 3].map((place) => start(`test ${place}`))
        const counts = [0, 0, 0, 0]
        for (const place of calls) expect(counters[place]?.next()).toBe((counts[place] = (counts[place] ?? 0) + 1))
      }),
      { numRuns: runs(100) },
    )
  })

  test('are of one compilation, at the first start', () => {
    const compilation = vi.fn<(bytes: BufferSource) => WebAssembly.Module>((bytes) => new Module(bytes))
    WebAssembly.Module = function (bytes: BufferSource) {
      return compilation(bytes)
    } as unknown as typeof Module
    const start = instancesOf<Counter>(counter)
    expect(compilation).not.toHaveBeenCalled()
    start('first')
    start('second')
    expect(compilation).toHaveBeenCalledTimes(1)
  })

  test('are given what they import', () => {
    const start = instancesOf<{ readonly f: () => number }>(relay)
    expect(start('test', { env: { f: () => 7 } }).f()).toBe(7)
    expect(() => start('test')).toThrow(expect.objectContaining({ tag: 'BackendFailure', where: 'test' }))
  })

  test.each(['', 'AAAA', 'no base 64'])('of a text that is no module (%j) are a typed error once they are asked for', (text) => {
    const start = instancesOf(text)
    expect(() => start('here')).toThrow(expect.objectContaining({ tag: 'BackendFailure', where: 'here' }))
  })

  test('start again once there is memory again', () => {
    const start = instancesOf<Counter>(counter)
    withoutInstances()
    expect(() => start('here')).toThrow(expect.objectContaining({ tag: 'BackendFailure', cause: new RangeError('Out of memory') }))
    WebAssembly.Instance = Instance
    expect(start('here').next()).toBe(1)
  })
})

describe('the instance here', () => {
  test('is made at the first call, and is the same ever after', () => {
    const make = vi.fn<(exports: Counter) => Counter>((exports) => ({ next: exports.next }))
    const here = instanceHere(counter, make)
    expect(make).not.toHaveBeenCalled()
    const first = here()
    expect(first?.next()).toBe(1)
    expect(here()).toBe(first)
    expect(here()?.next()).toBe(2)
    expect(make).toHaveBeenCalledTimes(1)
  })

  test('is undefined where none starts, and is not tried again', () => {
    const attempt = withoutInstances()
    const here = instanceHere(counter, (exports: Counter) => exports)
    expect([here(), here()]).toEqual([undefined, undefined])
    expect(attempt).toHaveBeenCalledTimes(1)
    WebAssembly.Instance = Instance
    expect(here()).toBeUndefined()
  })

  test('is undefined where nothing can be made of it', () => {
    const here = instanceHere(counter, (): number => {
      throw new Error('no')
    })
    expect(here()).toBeUndefined()
  })
})
