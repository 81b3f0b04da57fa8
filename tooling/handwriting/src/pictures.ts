/** Pixels along a side. */
export const side = 28

/** Pixels of a picture: the dimension of the space that digits live in. */
export const size: number = side * side

/** Pictures `[n][784]`, row by row from the top. */
export type Pictures = readonly ArrayLike<number>[]

/** Handwriting to learn from, and some to judge by. */
export interface Handwriting {
  readonly learn: Pictures
  readonly heldOut: Pictures
}
