// The engine's own suite runs on it alone, in both formats.
process.env['MONGE_BACKENDS'] ??= 'simd,simd64'

export default (await import('../../tooling/vitest/config.ts')).default
