import { div, keep } from '@tensorflow/tfjs-core'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { constant } from '../tensors.js'
import { blocksOf } from './rows.js'
import type { Block, Rows } from './rows.js'

/** Rows with their division into blocks, and with the matrix itself where that is worth keeping. */
export interface StoredRows extends Rows {
  readonly blocks: readonly Block[]
  /** `c / epsilon` on the block, `[count, m]` */
  readonly scaled: (block: Block, epsilon: number) => Tensor2D
  readonly dispose: () => void
}

interface Stored {
  readonly entries: Tensor2D
  scaled?: { readonly epsilon: number; readonly entries: Tensor2D }
}

/**
 * Rows in blocks of at most `most` rows. With `store`, each block of the matrix is computed on its first use and kept,
 * together with its quotient by the epsilon last asked for: a solver asks for the same one many times.
 */
export const storedRows = (rows: Rows, count: number, most: number, store: boolean): StoredRows => {
  const blocks = blocksOf(count, most)
  const stored = new Map<Block, Stored>()
  const kept = (block: Block): Stored => {
    const found = stored.get(block)
    if (found !== undefined) return found
    const made = { entries: keep(rows.entries(block)) }
    stored.set(block, made)
    return made
  }
  const quotient = (entries: Tensor2D, epsilon: number): Tensor2D => div(entries, constant(epsilon))
  const held = (block: Block): boolean => store && blocks.includes(block)
  return {
    blocks,
    entries: (block) => (held(block) ? kept(block).entries : rows.entries(block)),
    slopes: rows.slopes,
    scaled: (block, epsilon) => {
      if (!held(block)) return quotient(rows.entries(block), epsilon)
      const record = kept(block)
      if (record.scaled?.epsilon === epsilon) return record.scaled.entries
      record.scaled?.entries.dispose()
      const entries = keep(quotient(record.entries, epsilon))
      record.scaled = { epsilon, entries }
      return entries
    },
    dispose: () => {
      for (const { entries, scaled } of stored.values()) {
        entries.dispose()
        scaled?.entries.dispose()
      }
      stored.clear()
    },
  }
}
