/** A target's density, told with every frame: `[cells, cells]`, row by row from below, the largest 1. */
export interface Extra {
  readonly target: string
  readonly cells: number
  readonly density: Float32Array
}
