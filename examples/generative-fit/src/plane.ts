/** Points in the plane. */
export type Cloud = readonly (readonly [number, number])[]

/** Points and their weights. */
export interface Sample {
  readonly points: Cloud
  readonly weights: readonly number[]
}

/** A model's curve, where its classes reach, and its two centres on it. */
export interface Curve {
  readonly curve: Cloud
  readonly centres: Cloud
}

/** The part of the plane that pictures show. */
export const span = [-2.4, 2.4] as const
