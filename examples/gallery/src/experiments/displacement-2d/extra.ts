/** Who goes where, and what to show of the plane. */
export interface Extra {
  readonly t: number
  readonly plans: readonly {
    readonly rows: Int32Array
    readonly columns: Int32Array
    readonly masses: Float64Array
  }[]
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
}
