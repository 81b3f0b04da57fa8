import { pictures, side } from '@monge-tooling/handwriting'
import type { Density } from '@monge-tooling/stories'

/** A handwritten digit of MNIST, 28 by 28 pixels: the `index`-th of those that the package `mnist` has of it. */
export const digit = async (figure: number, index: number): Promise<Density> => {
  const all = await pictures(figure)
  return { width: side, height: side, mass: Array.from(all[index] ?? []) }
}
