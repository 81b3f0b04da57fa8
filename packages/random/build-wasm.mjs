import { builder } from '@monge-tooling/assembly'

export const compile = await builder(import.meta.filename, {
  entry: 'normals.ts',
  options: ['--converge', '--initialMemory', '2'],
  target: 'src/binary.ts',
  name: 'normalsModule',
  comment: 'The loop that makes normal numbers as a WebAssembly module, in base 64.',
})
