/** What chains have drawn, on the host: the input of the diagnostics. */
export interface Draws {
  /** `[draws, chains, dimension]`, row-major. */
  readonly values: Float64Array
  /** How many draws there are of each chain. */
  readonly draws: number
  readonly chains: number
  readonly dimension: number
}
