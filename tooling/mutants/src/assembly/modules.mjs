/*
 * The packages whose WebAssembly is mutated: what builds a module, where it writes the text, which packages' sources go
 * into it, the backends on which the suites run it, and those suites that are nearest to it, which are tried before the
 * rest.
 */
export const modules = {
  exact: { build: 'build-wasm.mjs', text: 'src/simplex/binary.ts', sources: ['exact'], backends: 'reference' },
  generators: { build: 'build-wasm.mjs', text: 'src/engine/binary.ts', sources: ['generators'], backends: 'reference' },
  langevin: { build: 'build-wasm.mjs', text: 'src/engine/binary.ts', sources: ['langevin'], backends: 'reference' },
  random: { build: 'build-wasm.mjs', text: 'src/binary.ts', sources: ['random'], backends: 'reference' },
  sliced: { build: 'build-wasm.mjs', text: 'src/binary.ts', sources: ['backend', 'sliced'], backends: 'reference' },
  'backend-simd': {
    build: 'build-kernels.mjs',
    text: 'src/kernels.generated.ts',
    sources: ['backend', 'backend-simd'],
    backends: 'simd,simd64',
  },
}
