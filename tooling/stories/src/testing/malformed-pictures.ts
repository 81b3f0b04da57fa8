import { crc32, deflateSync } from 'node:zlib'
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

const chunk = (name: string, content: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(12 + content.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, content.length)
  bytes.set(new TextEncoder().encode(name), 4)
  bytes.set(content, 8)
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)))
  return bytes
}

/** A PNG, sound but for what it says of its size: it has a kilobyte of pixels, black, of 8 bits in four channels. */
export const pictureOfSize = (width: number, height: number): Uint8Array => {
  const header = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 8, 6, 0, 0, 0)
  const view = new DataView(header.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(new Uint8Array(1000))), chunk('IEND', new Uint8Array(0))]
  return Uint8Array.from([137, 80, 78, 71, 13, 10, 26, 10, ...chunks.flatMap((bytes) => [...bytes])])
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
  ['flat', pictureOfSize(0, 4)],
  ['thin', pictureOfSize(4, 0)],
  // To read it would take gigabytes, and half a minute.
  ['vast', pictureOfSize(20_000, 20_000)],
  ['endless header', pictureOfSize(2 ** 32 - 1, 2 ** 32 - 1)],
  ['a photograph', Uint8Array.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, ...new TextEncoder().encode('JFIF'), ...new Uint8Array(64)])],
  ['a table', new TextEncoder().encode('x,y\n0,NaN\n1,2\n')],
]
