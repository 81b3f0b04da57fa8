/** The samplers by name, in the order of their columns. */
export const samplerNames = ['ULA', 'MALA', 'underdamped', 'SVGD'] as const
export type SamplerName = (typeof samplerNames)[number]

/** The targets by name: those of the table, and one more. */
export const targetNames = ['mixture', 'banana', 'ring', 'double well'] as const
export type TargetName = (typeof targetNames)[number]

/** Half the side of the square that all is drawn in. */
export const half = 6.5
