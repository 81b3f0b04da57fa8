import { expect, test, vi } from 'vitest'

// In Node alone: a browser keeps its modules.
test('where WebAssembly may not run, normal numbers are not filled fast, and it is not tried again', async () => {
  const { Module } = WebAssembly
  const attempt = vi.fn<() => WebAssembly.Module>(() => {
    throw new Error('refused by a policy')
  })
  vi.resetModules()
  const fresh = await import('./fast-normals.js')
  WebAssembly.Module = function () {
    return attempt()
  } as unknown as typeof Module
  try {
    const values = new Float64Array(40)
    expect([1, 2].map(() => fresh.fillFast([1, 2, 3, 4], values))).toEqual([false, false])
    expect(values.every((value) => value === 0)).toBe(true)
    expect(attempt).toHaveBeenCalledTimes(1)
  } finally {
    WebAssembly.Module = Module
  }
})
