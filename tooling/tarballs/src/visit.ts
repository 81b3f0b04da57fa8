import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { chromium } from 'playwright-core'
import { chromiumArguments, chromiumPath } from '../../vitest/launch.ts'

/** What a page computed with one backend. */
export interface Outcome {
  readonly value: number
  readonly gradient: readonly number[]
}

export type Outcomes = Readonly<Record<string, Outcome>>

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.wasm': 'application/wasm',
}

const fileAt = (root: string, pathname: string): string | undefined => {
  const file = join(root, pathname.endsWith('/') ? `${pathname}index.html` : pathname)
  return existsSync(file) && statSync(file).isFile() ? file : undefined
}

/** Serves a folder on this machine alone, opens the page at `path` of it in Chromium, and returns what that computed. */
export const visit = (root: string, path = '/'): Promise<Outcomes> =>
  whileServed(root, (address) => outcomesAt(new URL(path, address).href))

const whileServed = async <A>(root: string, body: (address: string) => Promise<A>): Promise<A> => {
  const server = createServer((request, response) => {
    const file = fileAt(root, new URL(request.url ?? '/', 'http://localhost').pathname)
    if (file === undefined) return void response.writeHead(404).end()
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

/** A fault in the page, or an error on its console, is a fault here. */
const outcomesAt = async (address: string): Promise<Outcomes> => {
  const browser = await chromium.launch({ executablePath: chromiumPath, args: [...chromiumArguments] })
  try {
    const tab = await browser.newPage()
    const fault = new Promise<never>((_, reject) => {
      tab.on('pageerror', reject)
      tab.on('console', (message) => message.type() === 'error' && reject(new Error(message.text())))
    })
    await tab.goto(address)
    const outcome = tab.waitForFunction(() => document.querySelector('#outcome')?.textContent, undefined, {
      timeout: 120_000,
    })
    const handle = await Promise.race([outcome, fault])
    return JSON.parse(String(await handle.jsonValue())) as Outcomes
  } finally {
    await browser.close()
  }
}
