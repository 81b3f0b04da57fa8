import { mongeError, requirePositive } from '@monge/errors'
import { gifenc } from './gifenc.js'
import { raster } from './raster.js'

const { GIFEncoder, applyPalette, quantize } = gifenc

export interface GifOptions {
  /** Pixels across; the height follows. */
  readonly width: number
  /** Milliseconds that a frame stays; 100 unless given. */
  readonly delay?: number
  /** Milliseconds that the last frame stays; as long as the others unless given. */
  readonly lastDelay?: number
}

/**
 * SVG documents of one size as an animated GIF that repeats for ever, in 256 colours shared by all frames.
 *
 * @throws InvalidArgument for no frames, frames of different sizes, or what is not SVG
 */
export const renderGif = (frames: readonly string[], options: GifOptions): Uint8Array => {
  const delay = requirePositive('renderGif: delay', options.delay ?? 100)
  const lastDelay = requirePositive('renderGif: lastDelay', options.lastDelay ?? delay)
  const pictures = frames.map((svg) => raster('renderGif', svg, { width: options.width }))
  const middle = pictures[Math.floor(pictures.length / 2)]
  const [first] = pictures
  if (first === undefined || middle === undefined) throw mongeError('InvalidArgument', 'renderGif', 'has no frames')
  const odd = pictures.findIndex(({ height }) => height !== first.height)
  if (odd >= 0)
    throw mongeError(
      'InvalidArgument',
      'renderGif',
      `frame ${odd} is ${pictures[odd]?.height} pixels high, frame 0 is ${first.height}`,
    )
  // One palette, from the first, the middle and the last frame, so that still parts do not flicker.
  const sample = [first, middle, pictures.at(-1) ?? first].map(({ pixels }) => pixels)
  const palette = quantize(new Uint8Array(Buffer.concat(sample)), 256)
  const encoder = GIFEncoder()
  for (const [index, { pixels, width, height }] of pictures.entries())
    encoder.writeFrame(applyPalette(new Uint8Array(pixels), palette), width, height, {
      ...(index === 0 ? { palette } : {}),
      delay: index === pictures.length - 1 ? lastDelay : delay,
      repeat: 0,
    })
  encoder.finish()
  return encoder.bytes()
}
