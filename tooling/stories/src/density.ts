/** A grey picture as a density: a mass for each pixel, row by row from the top. */
export interface Density {
  readonly width: number
  readonly height: number
  readonly mass: readonly number[]
}
