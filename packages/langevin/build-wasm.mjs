import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as assembly from '@monge-tooling/assembly'

/*
 * Compiles assembly/moves.ts and writes the module, as text, to src/engine/binary.ts. That file is kept under version
 * control, so that type checks and editors need no build; a test compares the two.
 */
export const compile = () => assembly.compile(join(import.meta.dirname, 'assembly'), 'moves.ts', ['--converge', '--initialMemory', '2'])

if (process.argv[1] === import.meta.filename) {
  const source = assembly.moduleOf({
    name: 'movesModule',
    comment: 'The loops that move chains as a WebAssembly module, in base 64.',
    origin: 'build-wasm.mjs from assembly/moves.ts: edit that',
    text: await compile(),
  })
  await writeFile(join(import.meta.dirname, 'src/engine/binary.ts'), source)
}
