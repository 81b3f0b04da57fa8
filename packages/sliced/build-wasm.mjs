import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'

/*
 * Compiles assembly/slices.ts and writes the module, as text, to src/binary.ts. That file is kept under version
 * control, so that type checks and editors need no build; a test compares the two.
 */
export const compile = async () => {
  let module
  const { error, stderr } = await asc.main(
    [
      'slices.ts',
      '--baseDir',
      join(import.meta.dirname, 'assembly'),
      '--outFile',
      'slices.wasm',
      '--runtime',
      'stub',
      '-O3',
      '--converge',
      '--noAssert',
      '--enable',
      'simd',
    ],
    {
      writeFile: (name, contents) => {
        if (name.endsWith('.wasm')) module = contents
      },
    },
  )
  if (error !== null) throw new Error(stderr.toString(), { cause: error })
  return Buffer.from(module).toString('base64')
}

if (process.argv[1] === import.meta.filename) {
  const text = await compile()
  const lines = text.match(/.{1,110}/g).map((line) => `  '${line}',`)
  const source = `// Written by build-wasm.mjs from assembly/slices.ts: edit that.\n/** The slicing loop as a WebAssembly module, in base 64. */
export const slicesModule: string = [\n${lines.join('\n')}\n].join('')\n`
  await writeFile(join(import.meta.dirname, 'src/binary.ts'), source)
}
