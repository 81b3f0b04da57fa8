import { createRequire } from 'node:module'
import type { Density } from '@monge-tooling/stories'

interface DigitFile {
  readonly data: readonly number[]
}

const side = 28

/** A handwritten digit of MNIST, 28 by 28 pixels: the `index`-th of those that the package `mnist` has of it. */
export const digit = (figure: number, index: number): Density => {
  // One digit's file instead of the whole package, which reads all ten, 20 MB.
  const { data } = createRequire(import.meta.url)(`mnist/src/digits/${figure}.json`) as DigitFile
  const size = side * side
  return { width: side, height: side, mass: data.slice(index * size, (index + 1) * size) }
}
