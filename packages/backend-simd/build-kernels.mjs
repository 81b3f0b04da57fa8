import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as assembly from '@monge-tooling/assembly'

// Compiles the kernels and writes them into a module: text is what every bundler, and none, can load.

const memory = ['--importMemory', '--initialMemory', '16', '--maximumMemory', '65536']
const source = assembly.moduleOf({
  name: 'kernels',
  comment: 'The kernels as a WebAssembly module, in base 64.',
  origin: 'build-kernels.mjs from assembly/',
  text: await assembly.compile(join(import.meta.dirname, 'assembly'), 'index.ts', memory),
})
await writeFile(join(import.meta.dirname, 'src/kernels.generated.ts'), source)
