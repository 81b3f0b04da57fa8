import { existsSync, readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'

/** Where the build puts the site, unless `MONGE_SITE` names another folder with one. */
const site: string = process.env['MONGE_SITE'] ?? fileURLToPath(new URL('../dist-site', import.meta.url))

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
}

export interface Hosting {
  /** The folder of the host under which the site stands: `/` or such as `/some/folder/`. */
  readonly folder: string
  /** Whether it is served with the headers that let threads share memory. */
  readonly isolated: boolean
}

export interface Host {
  readonly address: string
  /** Bytes of all answers so far, compressed as static hosts do. */
  readonly bytes: () => number
  readonly close: () => Promise<void>
}

const headers: Readonly<Record<string, string>> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
}

const packed = new Map<string, Buffer>()

const compressed = (file: string): Buffer => {
  const before = packed.get(file)
  if (before !== undefined) return before
  const made = brotliCompressSync(readFileSync(file), { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })
  packed.set(file, made)
  return made
}

/** Serves the built site on this machine alone. */
export const serve = async ({ folder, isolated }: Hosting): Promise<Host> => {
  let bytes = 0
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost')
    const inner = pathname.startsWith(folder) ? pathname.slice(folder.length) : undefined
    const file = inner === undefined ? undefined : join(site, inner === '' ? 'index.html' : inner)
    if (file === undefined || !existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end()
    const body = compressed(file)
    bytes += body.length
    const type = types[extname(file)] ?? 'application/octet-stream'
    response.writeHead(200, { 'content-type': type, 'content-encoding': 'br', ...(isolated ? headers : {}) }).end(body)
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    address: `http://127.0.0.1:${port}${folder}`,
    bytes: () => bytes,
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
