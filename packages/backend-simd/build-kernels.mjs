import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { main } from 'assemblyscript/asc'

// Compiles the kernels and writes them into a module: text is what every bundler, and none, can load.

const here = fileURLToPath(new URL('.', import.meta.url))
const scratch = await mkdtemp(join(tmpdir(), 'monge-kernels-'))
try {
  const binary = join(scratch, 'kernels.wasm')
  const memory = ['--importMemory', '--initialMemory', '16', '--maximumMemory', '65536']
  const options = ['-O3', '--enable', 'simd', '--runtime', 'stub', '--noAssert', ...memory]
  const { stderr } = process
  const { error } = await main(['assembly/index.ts', '--baseDir', here, ...options, '--outFile', binary], { stderr })
  if (error !== null) throw new Error('the kernels do not compile', { cause: error })
  const text = (await readFile(binary)).toString('base64')
  await writeFile(
    join(here, 'src/kernels.generated.ts'),
    `/* Written by build-kernels.mjs from assembly/. */\nexport const kernels: string =\n  '${text}'\n`,
  )
} finally {
  await rm(scratch, { recursive: true })
}
