import { copyFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { build } from 'vite'
import { describe, expect, inject, test } from 'vitest'
import { visit } from './visit.ts'

const page = join(inject('project'), 'page')
const built = join(page, 'dist')

const buildPage = async (): Promise<void> => {
  await build({ root: page, base: './', logLevel: 'error', configFile: false, build: { target: 'es2022' } })
  const binaries = join(inject('project'), 'node_modules/@tensorflow/tfjs-backend-wasm/dist')
  for (const name of readdirSync(binaries).filter((file) => file.endsWith('.wasm')))
    copyFileSync(join(binaries, name), join(built, name))
}

describe('a page built by vite from the tarballs', () => {
  test('computes a value and a gradient on wasm and on WebGL', async () => {
    await buildPage()
    const { reference, wasm, webgl } = await visit(built)
    expect(reference?.value).toBeGreaterThan(0.1)
    expect(reference?.gradient).toHaveLength(6)
    for (const outcome of [wasm, webgl]) {
      expect(outcome?.value).toBeCloseTo(reference?.value ?? NaN, 3)
      expect(outcome?.gradient.length).toBe(6)
      outcome?.gradient.forEach((slope, i) => expect(slope).toBeCloseTo(reference?.gradient[i] ?? NaN, 3))
    }
  })
})
