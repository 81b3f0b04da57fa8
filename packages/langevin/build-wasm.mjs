import { builder } from '@monge-tooling/assembly'

export const compile = await builder(import.meta.filename, {
  entry: 'moves.ts',
  options: ['--converge', '--initialMemory', '2'],
  target: 'src/engine/binary.ts',
  name: 'movesModule',
  comment: 'The loops that move chains as a WebAssembly module, in base 64.',
})
