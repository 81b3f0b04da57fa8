import { builder } from '@monge-tooling/assembly'

export const compile = await builder(import.meta.filename, {
  entry: 'index.ts',
  target: 'src/binary.ts',
  name: 'slicesModule',
  comment: 'The slicing loop as a WebAssembly module, in base 64.',
})
