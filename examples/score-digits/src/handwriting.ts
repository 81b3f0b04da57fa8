import { createRequire } from 'node:module'
import { requireBetween, requireInteger } from '@monge/errors'

interface DigitFile {
  readonly data: readonly number[]
}

/** Pixels along a side. */
export const side = 28

/** Pixels of a picture: the dimension of the space that digits live in. */
export const size: number = side * side

/** Pictures `[n][784]`, row by row from the top, with paper at -1 and ink at 1. */
export type Pictures = readonly ArrayLike<number>[]

/** Handwriting to learn from, and some to judge by. */
export interface Handwriting {
  readonly learn: Pictures
  readonly heldOut: Pictures
}

/** Which figures to learn: one, or all of them. */
export type Figure = number | 'all'

/** Reads `--digit`. */
export const readFigure = (text: string): Figure =>
  text === 'all'
    ? 'all'
    : requireBetween(0, 9)('--digit', requireInteger(0)('--digit', text.trim() === '' ? Number.NaN : Number(text)))

/** MNIST's pictures of a figure, as the package `mnist` has them: every fifth is held out. */
export const handwriting = (figure: Figure): Handwriting => {
  const figures = figure === 'all' ? Array.from({ length: 10 }, (_, k) => k) : [figure]
  const pictures = figures.flatMap(read)
  return {
    learn: pictures.filter((_, index) => index % 5 !== 4),
    heldOut: pictures.filter((_, index) => index % 5 === 4),
  }
}

const read = (figure: number): Pictures => {
  // One digit's file instead of the whole package, which reads all ten, 20 MB.
  const { data } = createRequire(import.meta.url)(`mnist/src/digits/${figure}.json`) as DigitFile
  return Array.from({ length: Math.floor(data.length / size) }, (_, index) =>
    Float32Array.from(data.slice(index * size, (index + 1) * size), (ink) => 2 * ink - 1),
  )
}
