import { mongeError, requireFinite, requireInteger } from '@monge/errors'
import { threefry } from './threefry.js'
import type { Words } from './threefry.js'

/**
 * Where randomness comes from: 128 bits that never change. The same key gives the same numbers, always and everywhere.
 *
 * A key is for one draw; two draws from one key are not independent. Where more are needed, `split` the key or `fold`
 * a number into it. A key is plain data: it survives JSON and `postMessage`.
 */
export interface Key {
  readonly words: Words
}

// What a block is for. The purposes never share a block, so children, folds and draws of one key are independent.
const purposes = { seed: 1, split: 2, fold: 3, draw: 4 } as const

const derive = (purpose: keyof typeof purposes, data: number, parent: Key): Key => {
  const bits = new DataView(new ArrayBuffer(8))
  // Adding zero makes +0 of -0: equal numbers give equal keys.
  bits.setFloat64(0, data + 0)
  return Object.freeze({
    words: Object.freeze(threefry(parent.words)([bits.getUint32(4), bits.getUint32(0), purposes[purpose], 0])),
  })
}

const requireKey = (where: string, candidate: Key): Key => {
  const words: unknown = (candidate as Partial<Key> | null | undefined)?.words
  if (!Array.isArray(words) || words.length !== 4 || !words.every((word) => Number.isInteger(word)))
    throw mongeError('InvalidArgument', where, 'expected a key, as made by key(seed), split or fold')
  return candidate
}

/**
 * The key of a seed, any finite number. Different seeds, however close, give unrelated keys.
 *
 * @throws InvalidOption if the seed is not a finite number
 */
export const key = (seed: number): Key =>
  derive('seed', requireFinite('random key: seed', seed), { words: [0, 0, 0, 0] })

/**
 * `count` keys, independent of one another and of what is drawn from the parent. The first children are the same
 * however many are asked for.
 *
 * @throws InvalidOption if the count is not a whole number of at least 0; InvalidArgument if it is given no key
 */
export const split =
  (count: number) =>
  (parent: Key): readonly Key[] => {
    requireInteger(0)('split: count', count)
    requireKey('split', parent)
    return Array.from({ length: count }, (_, index) => derive('split', index, parent))
  }

/**
 * The child of a key for a number, such as the index of a step or of an item: independent for different numbers.
 *
 * @throws InvalidOption if the number is not finite; InvalidArgument if it is given no key
 */
export const fold =
  (data: number) =>
  (parent: Key): Key =>
    derive('fold', requireFinite('fold: data', data), requireKey('fold', parent))

/** The starting state of the stream of draws from a key. */
export const streamSeed = (where: string, parent: Key): Words => derive('draw', 0, requireKey(where, parent)).words
