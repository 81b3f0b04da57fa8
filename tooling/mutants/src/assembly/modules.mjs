/*
 * The packages whose WebAssembly is mutated: what builds a module, where it writes the text, which packages' sources go
 * into it, the backends on which the suites reach it, and the suites that are nearest to it, which are tried before all.
 */
export const modules = {
  exact: {
    build: 'build-wasm.mjs',
    text: 'src/simplex/binary.ts',
    sources: ['exact'],
    backends: 'reference',
    nearest: ['src/emd.test.ts', 'src/assignment.test.ts'],
  },
  generators: {
    build: 'build-wasm.mjs',
    text: 'src/engine/binary.ts',
    sources: ['generators'],
    backends: 'reference,simd',
    nearest: ['src/engine/'],
  },
  langevin: {
    build: 'build-wasm.mjs',
    text: 'src/engine/binary.ts',
    sources: ['langevin'],
    backends: 'reference,cpu',
    nearest: ['src/engine/'],
  },
  random: {
    build: 'build-wasm.mjs',
    text: 'src/binary.ts',
    sources: ['random'],
    backends: 'reference',
    nearest: ['src/fast-normals.test.ts'],
  },
  sliced: {
    build: 'build-wasm.mjs',
    text: 'src/binary.ts',
    sources: ['backend', 'sliced'],
    backends: 'reference',
    nearest: ['src/sliced.test.ts'],
  },
  'backend-simd': {
    build: 'build-kernels.mjs',
    text: 'src/kernels.generated.ts',
    sources: ['backend', 'backend-simd'],
    backends: 'simd,simd64',
    nearest: ['src/geometry.test.ts', 'src/sweeps.laws.test.ts'],
  },
}
