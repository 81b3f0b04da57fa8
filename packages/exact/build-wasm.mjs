import { builder } from '@monge-tooling/assembly'

export const compile = await builder(import.meta.filename, {
  entry: 'simplex.ts',
  target: 'src/simplex/binary.ts',
  name: 'simplexModule',
  comment: 'The network simplex as a WebAssembly module, in base 64.',
})
