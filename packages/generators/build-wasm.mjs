import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as assembly from '@monge-tooling/assembly'

/*
 * Compiles assembly/engine.ts and writes the module, as text, to src/engine/binary.ts. That file is kept under version
 * control, so that type checks and editors need no build; a test compares the two.
 */
export const compile = () => assembly.compile(join(import.meta.dirname, 'assembly'), 'engine.ts', ['--converge'])

if (process.argv[1] === import.meta.filename) {
  const source = assembly.moduleOf({
    name: 'engineModule',
    comment: 'Products and updates of networks as a WebAssembly module, in base 64.',
    origin: 'build-wasm.mjs from assembly/engine.ts: edit that',
    text: await compile(),
  })
  await writeFile(join(import.meta.dirname, 'src/engine/binary.ts'), source)
}
