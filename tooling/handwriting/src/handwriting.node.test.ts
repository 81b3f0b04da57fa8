import { createRequire } from 'node:module'
import { describe, expect, test } from 'vitest'
import { handwriting, pictures } from './handwriting.js'
import { size } from './pictures.js'

/** What the package ships, as it ships it. */
const shipped = (figure: number): readonly number[] =>
  (createRequire(import.meta.url)(`mnist/src/digits/${figure}.json`) as { readonly data: readonly number[] }).data

// A matcher would take seconds over the numbers of a thousand pictures.
const same = (one: ArrayLike<number>, other: ArrayLike<number>): boolean =>
  one.length === other.length && Array.from(one).every((value, index) => value === other[index])

describe('handwriting', () => {
  test.each([0, 3, 9])('of a %i is what the package ships, pixel for pixel', async (figure) => {
    const data = shipped(figure)
    const read = await pictures(figure)
    expect(read).toHaveLength(Math.floor(data.length / size))
    const wrong = read.findIndex((picture, index) => !same(picture, Float32Array.from(data.slice(index * size, (index + 1) * size))))
    expect(wrong).toBe(-1)
  })

  test('has blank paper where it is asked to be', async () => {
    const data = shipped(7)
    const [first] = await pictures(7, -1)
    expect(first).toEqual(Float32Array.from(data.slice(0, size), (ink) => 2 * ink - 1))
  })

  test('holds every fifth picture out', async () => {
    const all = await pictures(4)
    const { learn, heldOut } = await handwriting(4)
    expect(heldOut).toHaveLength(Math.floor(all.length / 5))
    expect(learn.length + heldOut.length).toBe(all.length)
    expect([heldOut[1], learn[8]]).toEqual([all[9], all[10]])
  })

  test('of all figures is that of each in turn', async () => {
    const all = await pictures('all')
    const [zeros, nines] = [await pictures(0), await pictures(9)]
    expect(all.length).toBeGreaterThan(9000)
    expect([all[0], all[zeros.length - 1]]).toEqual([zeros[0], zeros.at(-1)])
    expect([all.at(-nines.length), all.at(-1)]).toEqual([nines[0], nines.at(-1)])
  })
})
