/** The losses, by name, as pictures and tables call them. */
export const titles = {
  energy: 'kernel (|x|² + s²)^(-1/4)',
  gaussian: 'kernel exp(-|x|²/s²)',
  laplacian: 'kernel exp(-√(|x|² + s²))',
  distance: 'energy distance',
  likelihood: 'maximum likelihood',
  plain: 'transport, plain domain',
  log: 'transport, log domain',
  debiased: 'Sinkhorn divergence',
} as const

export type WayName = keyof typeof titles
