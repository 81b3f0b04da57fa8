import type { Match } from './contest.js'

const geomloss = ['geomloss-tensorized', 'geomloss-online']
const transport = ['pot-sinkhorn_log', 'pot-sinkhorn', 'pot-sinkhorn_stabilized', 'ott-lse', 'ott-kernel', 'ott-anderson']

/** The contests, by name. */
export const matches: Readonly<Record<string, readonly Match[]>> = {
  divergence: [2, 3, 64].flatMap((d) =>
    [100, 1000, 5000].map((n) => ({ problem: { kind: 'divergence' as const, n, d, blur: 0.05, scaling: 0.5 }, peers: geomloss })),
  ),
  transport: [1000, 2000].flatMap((n) =>
    [0.05, 0.01].map((blur) => ({ problem: { kind: 'transport' as const, n, d: 2, blur, tolerance: 1e-6 }, peers: transport })),
  ),
  matrix: [0.05, 0.01].map((epsilon) => ({
    problem: { kind: 'matrix' as const, n: 1000, d: 3, epsilon, tolerance: 1e-6 },
    peers: transport.filter((peer) => peer.startsWith('pot')),
  })),
  kernel: [10_000, 100_000].map((n) => ({ problem: { kind: 'kernel' as const, n, d: 3, sigma: 0.1 }, peers: ['torch', 'keops'] })),
  langevin: [100, 10_000].flatMap((n) =>
    ([1, 10] as const).map((modes) => ({
      problem: { kind: 'langevin' as const, n, d: 2 as const, modes, steps: 1000 },
      peers: ['langevin-numpy', 'langevin-blackjax'],
    })),
  ),
  training: [
    { problem: { kind: 'training' as const, n: 1000, d: 2, sizes: [2, 64, 64, 2], batch: 128, blur: 0.3 }, peers: ['training-torch'] },
    { problem: { kind: 'training' as const, n: 1000, d: 784, sizes: [64, 128, 256, 784], batch: 32, blur: 1 }, peers: ['training-torch'] },
  ],
  sliced: [10_000, 100_000].map((n) => ({ problem: { kind: 'sliced' as const, n, d: 2, directions: 200 }, peers: ['pot-sliced'] })),
  large: [{ problem: { kind: 'divergence' as const, n: 100_000, d: 3, blur: 0.05, scaling: 0.5 }, peers: [] }],
}
