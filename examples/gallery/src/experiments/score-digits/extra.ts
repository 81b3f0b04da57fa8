/** Pictures as bytes, `[count, 784]`, from paper at 0 to ink at 255: on their way, and what the model takes them for. */
export interface Extra {
  readonly count: number
  readonly level: number
  readonly noisy: Uint8Array
  readonly guessed: Uint8Array
}
