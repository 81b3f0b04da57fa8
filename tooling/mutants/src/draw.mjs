import { createHash } from 'node:crypto'

/*
 * Which mutants are tried: a share of them, by a hash of what and where they are, so that the draw is the same in every
 * process and does not depend on their order.
 */

const place = ({ line, column }) => `${line}:${column}`

/** What tells a mutant from all others. Lines and columns count from one. */
export const identity = (file, { location, mutatorName, replacement }) =>
  [file, place(location.start), place(location.end), mutatorName, replacement ?? ''].join(' ')

/** Whether the mutant is in the sample: `share` of all are. */
export const isDrawn = (share, seed, key) =>
  createHash('sha256').update(`${seed} ${key}`).digest().readUInt32BE(0) / 2 ** 32 < share
