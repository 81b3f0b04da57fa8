import { builder } from '@monge-tooling/assembly'

export const compile = await builder(import.meta.filename, {
  entry: 'engine.ts',
  target: 'src/engine/binary.ts',
  name: 'engineModule',
  comment: 'Products and updates of networks as a WebAssembly module, in base 64.',
})
