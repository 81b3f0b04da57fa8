import { size } from './pictures.js'
import type { Pictures } from './pictures.js'

const inflated = async (packed: string): Promise<Uint8Array> => {
  const bytes = Uint8Array.from(atob(packed), (character) => character.charCodeAt(0))
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'))
  return new Uint8Array(await new Response(stream).arrayBuffer())
}

/** The ink that a byte stands for, in thousandths as the package `mnist` has it. */
const inkOf = (byte: number): number => Math.round((byte / 255) * 1000) / 1000

/** Packed pictures `[n][784]`, where blank paper is `paper` and ink is 1. */
export const unpack = async (packed: string, paper: number): Promise<Pictures> => {
  const bytes = await inflated(packed)
  const levels = Float32Array.from({ length: 256 }, (_, byte) => paper + (1 - paper) * inkOf(byte))
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    Float32Array.from(bytes.subarray(index * size, (index + 1) * size), (byte) => levels[byte] ?? paper),
  )
}
