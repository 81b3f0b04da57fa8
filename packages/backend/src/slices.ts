/** Two weighted clouds on the host, of equal mass, and directions to slice them along. */
export interface SlicesProblem {
  /** `[n, d]`, row-major */
  readonly x: Float64Array
  /** `[m, d]` */
  readonly y: Float64Array
  /** `[n]` */
  readonly a: Float64Array
  /** `[m]` */
  readonly b: Float64Array
  readonly dimension: number
  /** `[L, d]`, row-major */
  readonly directions: Float64Array
  /** The exponent of the cost of a line, at least 1. */
  readonly p: number
  /** Whether the order of the projections must be right in float64; in float32 if not. */
  readonly exact: boolean
  /** Whether gradients are asked for, too. */
  readonly gradient: boolean
}

/** What comes of it. */
export interface SliceSums {
  /** `W_p^p` of the projections on each direction, `[L]`. */
  readonly values: Float64Array
  /** Their gradients, summed over the directions, if asked for. */
  readonly slopes: SliceSlopes | undefined
}

/** Gradients in points and weights; in weights they are potentials, up to a constant. */
export interface SliceSlopes {
  /** `[n, d]` */
  readonly x: Float64Array
  /** `[m, d]` */
  readonly y: Float64Array
  /** `[n]` */
  readonly a: Float64Array
  /** `[m]` */
  readonly b: Float64Array
}
