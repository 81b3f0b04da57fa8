/** The ways from noise to digits. */
export const ways = ['diffusion', 'flow', 'annealed'] as const
