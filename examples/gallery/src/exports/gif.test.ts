import { describe, expect, test } from 'vitest'
import { gif, paletteOf } from './gif.js'

const plainPixels = (width: number, height: number, red: number): Uint8Array =>
  Uint8Array.from({ length: 4 * width * height }, (_, index) => [red, 40, 200, 255][index % 4] ?? 0)

describe('a GIF', () => {
  test('has the size, the frames and the delays that it was given, and repeats for ever', () => {
    const frames = [0, 100, 250].map((red) => plainPixels(6, 4, red))
    const made = gif(6, 4, paletteOf(frames))
    frames.forEach((pixels, index) => made.add(pixels, index === 2 ? 1500 : 80))
    const bytes = Buffer.from(made.bytes())
    expect(bytes.subarray(0, 6).toString('latin1')).toBe('GIF89a')
    expect([bytes.readUInt16LE(6), bytes.readUInt16LE(8)]).toEqual([6, 4])
    // A graphic control extension stands before each frame, with its delay in hundredths of a second.
    const control = Buffer.from([0x21, 0xf9, 0x04])
    const places = [...bytes.keys()].filter((at) => bytes.subarray(at, at + 3).equals(control))
    expect(places.map((at) => bytes.readUInt16LE(at + 4))).toEqual([8, 8, 150])
    expect(bytes.includes('NETSCAPE2.0')).toBe(true)
    expect(bytes.at(-1)).toBe(0x3b)
  })

  test('keeps colours that are few', () => {
    const palette = paletteOf([plainPixels(4, 4, 0), plainPixels(4, 4, 255)])
    for (const red of [0, 255])
      expect(palette.some((colour) => Math.abs((colour[0] ?? NaN) - red) < 9 && Math.abs((colour[2] ?? NaN) - 200) < 9)).toBe(true)
  })
})
