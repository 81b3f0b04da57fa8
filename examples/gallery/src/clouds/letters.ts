import { curve } from './shape.js'
import type { Place } from './shape.js'

/*
 * Letters as strokes, 4 wide and 6 high.
 */

const bow = (x: number, y: number, right: number, up: number, from: number, to: number): readonly Place[] =>
  curve(24, (t) => {
    const angle = Math.PI * (from + t * (to - from))
    return [x + right * Math.cos(angle), y + up * Math.sin(angle)]
  })

const letters: Readonly<Record<string, readonly (readonly Place[])[]>> = {
  A: [
    [
      [0, 0],
      [2, 6],
      [4, 0],
    ],
    [
      [0.7, 2],
      [3.3, 2],
    ],
  ],
  B: [
    [
      [2, 6],
      [0, 6],
      [0, 0],
      [2, 0],
    ],
    [
      [0, 3.2],
      [2, 3.2],
    ],
    bow(2, 4.6, 1.6, 1.4, -0.5, 0.5),
    bow(2, 1.6, 2, 1.6, -0.5, 0.5),
  ],
  E: [
    [
      [4, 6],
      [0, 6],
      [0, 0],
      [4, 0],
    ],
    [
      [0, 3],
      [3.2, 3],
    ],
  ],
  G: [
    bow(2.1, 3, 2.1, 3, 0.25, 2),
    [
      [4.2, 3],
      [2.4, 3],
    ],
  ],
  M: [
    [
      [0, 0],
      [0, 6],
      [2, 2],
      [4, 6],
      [4, 0],
    ],
  ],
  N: [
    [
      [0, 0],
      [0, 6],
      [4, 0],
      [4, 6],
    ],
  ],
  O: [bow(2, 3, 2.1, 3, 0, 2)],
}

/** A word's strokes in the unit square, as large as fits. The letters are A, B, E, G, M, N and O; others leave a gap. */
export const wordStrokes = (word: string): readonly (readonly Place[])[] => {
  const width = 5.4 * word.length - 1.4
  const scale = 0.8 / Math.max(width, 6)
  return [...word].flatMap((letter, index) =>
    (letters[letter] ?? []).map((line) =>
      line.map(([x, y]): Place => [0.5 + scale * (x + 5.4 * index - width / 2), 0.5 + scale * (y - 3)]),
    ),
  )
}
