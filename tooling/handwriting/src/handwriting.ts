import type { Figure } from './figure.js'
import type { Handwriting, Pictures } from './pictures.js'
import { unpack } from './unpack.js'

// Each in a file of its own, which is read when it is asked for: ten of them are 2 MB.
const figures = [
  () => import('#figures/0'),
  () => import('#figures/1'),
  () => import('#figures/2'),
  () => import('#figures/3'),
  () => import('#figures/4'),
  () => import('#figures/5'),
  () => import('#figures/6'),
  () => import('#figures/7'),
  () => import('#figures/8'),
  () => import('#figures/9'),
]

/**
 * MNIST's pictures of a figure, about a thousand, as the package `mnist` has them.
 *
 * @param paper what blank paper is, where ink is 1; 0 unless given
 */
export const pictures = async (figure: Figure, paper = 0): Promise<Pictures> => {
  const chosen = figure === 'all' ? figures : figures.slice(figure, figure + 1)
  const read = await Promise.all(chosen.map(async (load) => unpack((await load()).packed, paper)))
  return read.flat()
}

/** The same to learn from and to judge by: every fifth is held out. */
export const handwriting = async (figure: Figure, paper = 0): Promise<Handwriting> => {
  const all = await pictures(figure, paper)
  return { learn: all.filter((_, index) => index % 5 !== 4), heldOut: all.filter((_, index) => index % 5 === 4) }
}
