import { copyFileSync, createReadStream, existsSync, readdirSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { build } from 'vite'
import { describe, expect, inject, test } from 'vitest'
import { chromiumArguments, chromiumPath } from '../../vitest/launch.ts'

interface Outcome {
  readonly value: number
  readonly gradient: readonly number[]
}

const page = join(inject('project'), 'page')
const built = join(page, 'dist')

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

const buildPage = async (): Promise<void> => {
  await build({ root: page, base: './', logLevel: 'error', configFile: false, build: { target: 'es2022' } })
  const binaries = join(inject('project'), 'node_modules/@tensorflow/tfjs-backend-wasm/dist')
  for (const name of readdirSync(binaries).filter((file) => file.endsWith('.wasm')))
    copyFileSync(join(binaries, name), join(built, name))
}

/** Serves the built page on this machine alone, while `body` runs. */
const whileServed = async <A>(body: (address: string) => Promise<A>): Promise<A> => {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const file = join(built, pathname === '/' ? 'index.html' : pathname)
    if (!existsSync(file)) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    createReadStream(file).pipe(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  try {
    return await body(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  } finally {
    server.close()
  }
}

/** What the page computed in Chromium; a fault in it is a fault here. */
const visit = async (address: string): Promise<Readonly<Record<string, Outcome>>> => {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: [...chromiumArguments] })
  try {
    const tab = await browser.newPage()
    const fault = new Promise<never>((_, reject) => tab.on('pageerror', reject))
    await tab.goto(address)
    const outcome = tab.waitForFunction(() => document.querySelector('#outcome')?.textContent, undefined, {
      timeout: 120_000,
    })
    const handle = await Promise.race([outcome, fault])
    return JSON.parse(String(await handle.jsonValue())) as Readonly<Record<string, Outcome>>
  } finally {
    await browser.close()
  }
}

describe('a page built by vite from the tarballs', () => {
  test('computes a value and a gradient on wasm and on WebGL', async () => {
    await buildPage()
    const { reference, wasm, webgl } = await whileServed(visit)
    expect(reference?.value).toBeGreaterThan(0.1)
    expect(reference?.gradient).toHaveLength(6)
    for (const outcome of [wasm, webgl]) {
      expect(outcome?.value).toBeCloseTo(reference?.value ?? NaN, 3)
      expect(outcome?.gradient.length).toBe(6)
      outcome?.gradient.forEach((slope, i) => expect(slope).toBeCloseTo(reference?.gradient[i] ?? NaN, 3))
    }
  })
})
