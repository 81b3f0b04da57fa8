/** What the picture shows beside the particles: curves over the places of a grid. */
export interface Extra {
  readonly t: number
  readonly grid: readonly number[]
  readonly start: readonly number[]
  readonly end: readonly number[]
  /** The density of the law at t, and that of the particles by kernels. */
  readonly law: readonly number[]
  readonly estimate: readonly number[]
  /** The Brenier map over the places of the first law. */
  readonly places: readonly number[]
  readonly images: readonly number[]
}
