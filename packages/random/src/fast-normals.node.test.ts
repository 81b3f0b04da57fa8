import { afterEach, expect, test, vi } from 'vitest'

const { Module, Instance } = WebAssembly
afterEach(() => {
  WebAssembly.Module = Module
  WebAssembly.Instance = Instance
})

// In Node alone: a browser keeps its modules.
test.each<readonly [string, 'Module' | 'Instance', Error]>([
  ['WebAssembly may not run', 'Module', new Error('refused by a policy')],
  ['WebAssembly has no memory', 'Instance', new RangeError('Out of memory: Cannot allocate Wasm memory for new instance')],
])('where %s, normal numbers are not filled fast, it is not tried again, and they are the same to the last bit', async (_, part, cause) => {
  vi.resetModules()
  const seed = (await import('./key.js')).key(7)
  const fast = (await import('./normal.js')).normal(1000)(seed)
  const attempt = vi.fn<() => never>(() => {
    throw cause
  })
  vi.resetModules()
  const fresh = { ...(await import('./fast-normals.js')), ...(await import('./normal.js')) }
  Object.assign(WebAssembly, { [part]: new Proxy(WebAssembly[part], { construct: attempt }) })
  const values = new Float64Array(40)
  expect([1, 2].map(() => fresh.fillFast([1, 2, 3, 4], values))).toEqual([false, false])
  expect(values.every((value) => value === 0)).toBe(true)
  expect(fresh.normal(1000)(seed)).toEqual(fast)
  expect(attempt).toHaveBeenCalledTimes(1)
})
