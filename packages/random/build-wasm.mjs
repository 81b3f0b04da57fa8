import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as assembly from '@monge-tooling/assembly'

/*
 * Compiles assembly/normals.ts and writes the module, as text, to src/binary.ts. That file is kept under version control,
 * so that type checks and editors need no build; a test compares the two.
 */
export const compile = () => assembly.compile(join(import.meta.dirname, 'assembly'), 'normals.ts', ['--converge', '--initialMemory', '2'])

if (process.argv[1] === import.meta.filename) {
  const source = assembly.moduleOf({
    name: 'normalsModule',
    comment: 'The loop that makes normal numbers as a WebAssembly module, in base 64.',
    origin: 'build-wasm.mjs from assembly/normals.ts: edit that',
    text: await compile(),
  })
  await writeFile(join(import.meta.dirname, 'src/binary.ts'), source)
}
