import { createHash } from 'node:crypto'

/*
 * Which mutants are tried: those of the least hashes of what and where they are, so that the draw is the same in every
 * process and does not depend on their order, and a larger draw has the smaller one in it.
 */

const place = ({ line, column }) => `${line}:${column}`

/** What tells a mutant from all others. Lines and columns count from one. */
export const identity = (file, { location, mutatorName, replacement }) =>
  [file, place(location.start), place(location.end), mutatorName, replacement ?? ''].join(' ')

const fraction = (seed, key) => createHash('sha256').update(`${seed} ${key}`).digest().readUInt32BE(0) / 2 ** 32

/** The sample of mutants: a share of them (`0.2`), or so many (`60`), those of the least hashes; `1` is all. */
export const sampleOf = (size, seed, keys) => {
  if (size <= 1) return new Set(keys.filter((key) => fraction(seed, key) < size))
  const order = keys.map((key) => ({ key, at: fraction(seed, key) })).toSorted((a, b) => a.at - b.at)
  return new Set(order.slice(0, size).map(({ key }) => key))
}
