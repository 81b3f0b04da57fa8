import { wordStrokes } from './letters.js'
import { curve, inside, normals, strokes } from './shape.js'
import type { Place, Shape } from './shape.js'

const circle = (x: number, y: number, radius: number): readonly Place[] =>
  curve(120, (t) => [x + radius * Math.cos(2 * Math.PI * t), y + radius * Math.sin(2 * Math.PI * t)])

const moon = (x: number, y: number, up: number): readonly Place[] =>
  curve(60, (t) => [x - 0.25 * Math.cos(Math.PI * t), y + up * 0.3 * Math.sin(Math.PI * t)])

/** (x² + y² - 1)³ <= x² y³. */
const inHeart = (right: number, up: number): boolean => {
  const x = 3 * (right - 0.5)
  const y = 3 * (up - 0.47)
  return (x * x + y * y - 1) ** 3 <= x * x * y ** 3
}

/** Five points: the outline goes out and in again in straight lines of its polar angle. */
const inStar = (right: number, up: number): boolean => {
  const [x, y] = [right - 0.5, up - 0.48]
  const fifth = (2 * Math.PI) / 5
  const turn = Math.abs(((Math.atan2(x, y) + 10 * fifth + fifth / 2) % fifth) - fifth / 2)
  const [outer, inner] = [0.44, 0.18]
  // The side from the point at angle 0 to the notch at half a fifth.
  const notch: Place = [inner * Math.cos(fifth / 2), inner * Math.sin(fifth / 2)]
  const distance = Math.hypot(x, y)
  const [along, across] = [distance * Math.cos(turn), distance * Math.sin(turn)]
  return (notch[0] - outer) * across - notch[1] * (along - outer) >= 0
}

/** Rows and columns over the square; of the last row, which may not be full, the left part. */
const grid: Shape = (count) => () => {
  const columns = Math.ceil(Math.sqrt(count))
  const rows = Math.ceil(count / columns)
  const points = new Float32Array(2 * count)
  for (let index = 0; index < count; index++) {
    points[2 * index] = 0.1 + (0.8 * ((index % columns) + 0.5)) / columns
    points[2 * index + 1] = 0.9 - (0.8 * (Math.floor(index / columns) + 0.5)) / rows
  }
  return points
}

/** The names of the clouds that need no drawing. */
export type CloudPreset =
  | 'ring'
  | 'disc'
  | 'square'
  | 'heart'
  | 'star'
  | 'spiral'
  | 'two-moons'
  | 's-curve'
  | 'gaussian'
  | 'four-gaussians'
  | 'grid'
  | 'letter-a'
  | 'letter-b'
  | 'letter-m'
  | 'word-monge'

const named: Readonly<Record<CloudPreset, { readonly label: string; readonly shape: Shape }>> = {
  ring: { label: 'Ring', shape: strokes([circle(0.5, 0.5, 0.36)], 0.03) },
  disc: { label: 'Disc', shape: inside((x, y) => Math.hypot(x - 0.5, y - 0.5) <= 0.36) },
  square: { label: 'Square', shape: inside((x, y) => Math.max(Math.abs(x - 0.5), Math.abs(y - 0.5)) <= 0.32) },
  heart: { label: 'Heart', shape: inside(inHeart) },
  star: { label: 'Star', shape: inside(inStar) },
  spiral: {
    label: 'Spiral',
    shape: strokes(
      [
        curve(160, (t) => {
          const [angle, radius] = [4.5 * Math.PI * Math.sqrt(t), 0.04 + 0.36 * Math.sqrt(t)]
          return [0.5 + radius * Math.cos(angle), 0.5 + radius * Math.sin(angle)]
        }),
      ],
      0.02,
    ),
  },
  'two-moons': { label: 'Two moons', shape: strokes([moon(0.375, 0.45, 1), moon(0.625, 0.55, -1)], 0.04) },
  's-curve': {
    label: 'S-curve',
    shape: strokes([curve(120, (t) => [0.5 + 0.32 * Math.sin(2 * Math.PI * t), 0.12 + 0.76 * t])], 0.035),
  },
  gaussian: { label: 'Gaussian', shape: normals([[0.5, 0.5]], 0.11) },
  'four-gaussians': {
    label: 'Four Gaussians',
    shape: normals(
      [
        [0.25, 0.25],
        [0.75, 0.25],
        [0.25, 0.75],
        [0.75, 0.75],
      ],
      0.05,
    ),
  },
  grid: { label: 'Grid', shape: grid },
  'letter-a': { label: 'Letter A', shape: strokes(wordStrokes('A'), 0.045) },
  'letter-b': { label: 'Letter B', shape: strokes(wordStrokes('B'), 0.045) },
  'letter-m': { label: 'Letter M', shape: strokes(wordStrokes('M'), 0.045) },
  'word-monge': { label: 'The word MONGE', shape: strokes(wordStrokes('MONGE'), 0.012) },
}


export const shapes: ReadonlyMap<string, Shape> = new Map(
  Object.entries(named).map(([name, { shape }]): readonly [string, Shape] => [name, shape]),
)

/** All presets, as a `cloud` control lists them. */
export const cloudPresets: readonly { readonly value: CloudPreset; readonly label: string }[] = Object.entries(named).map(
  ([value, { label }]) => ({ value: value as CloudPreset, label }),
)

/** Those named, in the order given, as a `cloud` control lists them. */
export const somePresets = (
  ...names: readonly CloudPreset[]
): readonly { readonly value: CloudPreset; readonly label: string }[] =>
  names.map((value) => ({ value, label: named[value].label }))
