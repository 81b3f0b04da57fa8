import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isMongeError } from '@monge/errors'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { picture } from './picture.js'
import { malformedPictures, soundPicture } from './testing/malformed-pictures.js'

describe('a picture', () => {
  let directory = ''
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'picture-'))
  })
  afterAll(() => {
    rmSync(directory, { recursive: true })
  })
  const file = (content: Uint8Array): string => {
    const path = join(directory, 'one.png')
    writeFileSync(path, content)
    return path
  }
  /** What reading gives: a density, or the error. */
  const read = (content: Uint8Array): unknown => {
    try {
      return picture('--source', file(content))
    } catch (error) {
      return error
    }
  }

  test('is read', () => {
    expect(read(soundPicture())).toEqual({ width: 4, height: 4, mass: Array.from({ length: 16 }, () => 1) })
  })

  test.each(malformedPictures)('that is none is refused: %s', (_, content) => {
    expect(isMongeError(read(content))).toBe(true)
  })

  test('with any bytes changed, cut off or put in is read or refused', () => {
    const sound = soundPicture()
    const damage = fc.record({
      changes: fc.array(fc.tuple(fc.nat({ max: sound.length - 1 }), fc.nat({ max: 255 })), { maxLength: 6 }),
      length: fc.integer({ min: 0, max: sound.length + 8 }),
    })
    fc.assert(
      fc.property(damage, ({ changes, length }) => {
        const bytes = new Uint8Array(length)
        bytes.set(sound.subarray(0, length))
        for (const [at, byte] of changes) if (at < length) bytes[at] = byte
        const found = read(bytes)
        expect(found).toMatchObject(isMongeError(found) ? { where: '--source' } : { width: 4, height: 4 })
      }),
      { numRuns: 300 },
    )
  })
})
