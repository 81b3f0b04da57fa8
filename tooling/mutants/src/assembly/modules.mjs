/*
 * The packages whose WebAssembly is mutated: what builds a module, where it writes the text, which sources go into it (those
 * that one package lends another are tried where they run), the backends on which the suites reach it, and the suites that
 * are nearest to it, which are tried before all.
 */
export const modules = {
  exact: {
    build: 'build-wasm.mjs',
    text: 'src/simplex/binary.ts',
    sources: ['exact/assembly'],
    backends: 'reference',
    nearest: ['src/emd.test.ts', 'src/assignment.test.ts'],
  },
  generators: {
    build: 'build-wasm.mjs',
    text: 'src/engine/binary.ts',
    sources: ['generators/assembly'],
    backends: 'reference,simd',
    nearest: ['src/engine/', 'src/models/product', 'src/models/rectify'],
  },
  langevin: {
    build: 'build-wasm.mjs',
    text: 'src/engine/binary.ts',
    sources: ['langevin/assembly', 'random/assembly/keys.ts'],
    backends: 'reference,cpu',
    nearest: ['src/engine/'],
  },
  random: {
    build: 'build-wasm.mjs',
    text: 'src/binary.ts',
    sources: ['random/assembly/normals.ts'],
    backends: 'reference',
    nearest: ['src/fast-normals.test.ts'],
  },
  sliced: {
    build: 'build-wasm.mjs',
    text: 'src/binary.ts',
    sources: ['backend/assembly', 'sliced/assembly'],
    backends: 'reference',
    nearest: ['src/sliced.test.ts', 'src/sliced.laws.test.ts', 'src/plan.laws.test.ts'],
  },
  'backend-simd': {
    build: 'build-kernels.mjs',
    text: 'src/kernels.generated.ts',
    sources: ['backend-simd/assembly'],
    backends: 'simd,simd64',
    nearest: ['src/sums', 'src/geometry', 'src/sweeps', 'src/argsort', 'src/cloud', 'src/slices'],
  },
}
