import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

// Compiles the kernels and writes them into a module: text is what every bundler, and none, can load.

const here = dirname(fileURLToPath(import.meta.url))
const compiler = join(dirname(createRequire(import.meta.url).resolve('assemblyscript/package.json')), 'bin/asc.js')
const scratch = mkdtempSync(join(tmpdir(), 'monge-kernels-'))
try {
  const binary = join(scratch, 'kernels.wasm')
  const flags = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--initialMemory', '16', '--maximumMemory', '65536', '--noAssert']
  execFileSync(process.execPath, [compiler, 'assembly/index.ts', ...flags, '-o', binary], { cwd: here, stdio: 'inherit' })
  const text = readFileSync(binary).toString('base64')
  writeFileSync(
    join(here, 'src/kernels.generated.ts'),
    `/* Written by build-kernels.mjs from assembly/. */\nexport const kernels: string =\n  '${text}'\n`,
  )
} finally {
  rmSync(scratch, { recursive: true })
}
