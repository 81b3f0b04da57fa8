import { PNG } from 'pngjs'

/** A picture of 4 by 4 black pixels. */
export const soundPicture = (): Uint8Array => {
  const png = new PNG({ width: 4, height: 4 })
  for (let pixel = 0; pixel < 16; pixel++) png.data.set([0, 0, 0, 255], 4 * pixel)
  return Uint8Array.from(PNG.sync.write(png))
}

const changed = (change: (bytes: Uint8Array) => Uint8Array): Uint8Array => change(soundPicture())

const blank = (): Uint8Array => {
  const png = new PNG({ width: 4, height: 4 })
  png.data.fill(255)
  return Uint8Array.from(PNG.sync.write(png))
}

/** Files that end in `.png` and are no picture to sample from, by name. */
export const malformedPictures: readonly (readonly [string, Uint8Array])[] = [
  ['empty', new Uint8Array(0)],
  ['words', new TextEncoder().encode('not a picture')],
  ['signature', changed((bytes) => bytes.slice(0, 8))],
  ['half', changed((bytes) => bytes.slice(0, bytes.length / 2))],
  ['endless', changed((bytes) => bytes.slice(0, -12))],
  ['sums', changed((bytes) => bytes.with(30, (bytes[30] ?? 0) ^ 255))],
  ['noise', changed((bytes) => bytes.map((byte, index) => (index < 8 ? byte : (index * 89 + 31) % 256)))],
  ['blank', blank()],
]
