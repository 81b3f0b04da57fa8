import { GIFEncoder, applyPalette, quantize } from 'gifenc'
import type { Palette } from 'gifenc'

/** Pixels of a frame: red, green, blue and opacity, row by row. */
export type Pixels = Uint8Array | Uint8ClampedArray

export interface Gif {
  readonly add: (pixels: Pixels, delay: number) => void
  readonly bytes: () => Uint8Array
}

/** A palette of 256 colours for pictures that look like these. */
export const paletteOf = (samples: readonly Pixels[]): Palette => {
  const all = new Uint8Array(samples.reduce((sum, { length }) => sum + length, 0))
  samples.reduce((start, sample) => {
    all.set(sample, start)
    return start + sample.length
  }, 0)
  return quantize(all, 256)
}

/** An animated GIF that repeats for ever, in colours shared by all frames, so that still parts do not flicker. */
export const gif = (width: number, height: number, palette: Palette): Gif => {
  const encoder = GIFEncoder()
  let first = true
  return {
    add: (pixels, delay) => {
      const indices = applyPalette(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.length), palette)
      encoder.writeFrame(indices, width, height, { ...(first ? { palette } : {}), delay, repeat: 0 })
      first = false
    },
    bytes: () => {
      encoder.finish()
      return encoder.bytes()
    },
  }
}
