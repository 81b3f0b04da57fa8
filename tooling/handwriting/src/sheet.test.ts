import { describe, expect, test } from 'vitest'
import { toSvg } from '@monge/viz'
import { size } from './pictures.js'
import { sheet } from './sheet.js'

const blank = (paper: number): Float32Array => new Float32Array(size).fill(paper)

/** A picture with ink in its first row alone. */
const lined = (paper: number): Float32Array => blank(paper).fill(1, 0, 28)

describe('a sheet of pictures', () => {
  test('is as wide as its panels, their pictures and the room between them', () => {
    const panels = ['one', 'two'].map((title) => ({ title, pictures: Array.from({ length: 8 }, () => lined(0)) }))
    const [wide, narrow] = [2, 1].map((across) => sheet('Sheets', 'Two.', panels, { columns: 4, across, scale: 20 }))
    expect((wide?.width ?? 0) - (narrow?.width ?? 0)).toBe(4 * 20 + 16)
    expect(narrow?.height).toBeGreaterThan(wide?.height ?? Infinity)
  })

  test('draws ink on paper alike, whatever paper is, and blank paper without ink', () => {
    const drawn = (paper: number, picture: Float32Array): string =>
      toSvg(sheet('A sheet', 'One picture.', [{ title: '', pictures: [picture] }], { columns: 1, across: 1, paper }))
    expect(drawn(-1, lined(-1))).toBe(drawn(0, lined(0)))
    expect(drawn(0, blank(0))).not.toBe(drawn(0, lined(0)))
  })
})
