/*
 * The packages that compute, and the backends on which their suites run under mutants: the reference alone, but for those
 * whose own code runs elsewhere.
 */
export const packages = {
  costs: 'reference',
  kernels: 'reference',
  measures: 'reference',
  losses: 'reference,cpu',
  sinkhorn: 'reference,simd',
  exact: 'reference',
  sliced: 'reference,simd',
  flows: 'reference',
  'backend-reference': 'reference',
  'backend-simd': 'simd,simd64',
  backend: 'reference,cpu',
  random: 'reference',
  langevin: 'reference,cpu',
  generators: 'reference,cpu,wasm',
}
