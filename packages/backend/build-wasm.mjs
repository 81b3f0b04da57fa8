import { builder } from '@monge-tooling/assembly'

export const compile = await builder(import.meta.filename, {
  entry: 'corners.ts',
  options: ['--converge', '--initialMemory', '5'],
  target: 'src/binary.ts',
  name: 'cornersModule',
  comment: 'What finds the corners of a cloud as a WebAssembly module, in base 64.',
})
