import { isMongeError } from '@monge/errors'
import { plot, scatter, toSvg } from '@monge/viz'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { renderGif, renderPng } from './index.js'

const picture = (title: string, points: readonly (readonly number[])[]): string =>
  toSvg(plot({ title, width: 200, height: 100, axes: 'none' })([scatter({ points })]))

const darkPixels = (png: Uint8Array): number => {
  const { data } = PNG.sync.read(Buffer.from(png))
  return data.filter((value, index) => index % 4 === 0 && value < 128).length
}

const tagOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return isMongeError(error) ? error.tag : 'untyped'
  }
  return 'no error'
}

describe('renderPng', () => {
  test('makes a picture of the width asked for, in the proportions of the scene', () => {
    const { width, height } = PNG.sync.read(Buffer.from(renderPng(picture('A', [[0, 0]]), { width: 400 })))
    expect([width, height]).toEqual([400, 200])
  })

  test('writes words without fonts of the machine', () => {
    const blank = darkPixels(renderPng(picture('', [[0, 0]]), { width: 400 }))
    const worded = darkPixels(renderPng(picture('Sinkhorn ε = 10⁻³', [[0, 0]]), { width: 400 }))
    expect(worded).toBeGreaterThan(blank + 200)
  })

  test('gives the same bytes for the same picture', () => {
    const svg = picture('twice', [
      [0, 0],
      [1, 1],
    ])
    expect(Buffer.compare(renderPng(svg, { width: 300 }), renderPng(svg, { width: 300 }))).toBe(0)
  })

  test('refuses what is not SVG, and widths that are none', () => {
    expect(tagOf(() => renderPng('no picture', { width: 100 }))).toBe('InvalidArgument')
    expect(tagOf(() => renderPng(picture('', [[0, 0]]), { width: 0 }))).toBe('InvalidOption')
  })
})

describe('renderGif', () => {
  test('makes one frame of each picture, repeating for ever', () => {
    const frames = [0, 1, 2].map((step) =>
      picture('moving', [
        [0, 0],
        [1, 1],
        [step / 2, 0.5],
      ]),
    )
    const gif = Buffer.from(renderGif(frames, { width: 200, delay: 80 }))
    expect(gif.subarray(0, 6).toString('latin1')).toBe('GIF89a')
    expect([gif.readUInt16LE(6), gif.readUInt16LE(8)]).toEqual([200, 100])
    // A graphic control extension stands before each frame, with its delay in hundredths of a second.
    const control = Buffer.from([0x21, 0xf9, 0x04])
    const places = [...gif.keys()].filter((at) => gif.subarray(at, at + 3).equals(control))
    expect(places.map((at) => gif.readUInt16LE(at + 4))).toEqual([8, 8, 8])
    expect(gif.includes('NETSCAPE2.0')).toBe(true)
  })

  test('refuses no frames, and frames of different sizes', () => {
    expect(tagOf(() => renderGif([], { width: 100 }))).toBe('InvalidArgument')
    const tall = toSvg({ width: 10, height: 30, title: '', marks: [] })
    expect(tagOf(() => renderGif([picture('', [[0, 0]]), tall], { width: 100 }))).toBe('InvalidArgument')
  })
})
