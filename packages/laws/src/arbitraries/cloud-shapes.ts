import type { Cloud } from './cloud.js'

/** A point before its cloud has a shape. */
export interface RawPoint {
  /** Multiples of 1/256 in `[-2, 2]` */
  readonly position: readonly number[]
  /** A whole number from 1 to 16 */
  readonly weight: number
  /** What the shape decides by: a whole number from 0 to 1023 */
  readonly choice: number
}

/** The kinds of clouds, from the simplest on: failures shrink towards the first. */
export type CloudShape = 'uniform' | 'weighted' | 'zero weights' | 'duplicates' | 'collinear' | 'clustered' | 'single'

export const cloudShapes: readonly CloudShape[] = [
  'uniform',
  'weighted',
  'zero weights',
  'duplicates',
  'collinear',
  'clustered',
  'single',
]

/** The cloud that a shape makes of raw points, its weights whole numbers. */
export const shaped = (shape: CloudShape, rows: readonly RawPoint[]): Cloud => {
  const points = rows.map(({ position }) => position)
  const weights = rows.map(({ weight }) => weight)
  const odd = (index: number): boolean => (rows[index]?.choice ?? 0) % 2 === 1
  switch (shape) {
    case 'uniform':
      return { points, weights: points.map(() => 1) }
    case 'weighted':
      return { points, weights }
    case 'zero weights':
      // The last point keeps its weight: the mass must be positive.
      return { points, weights: weights.map((weight, index) => (odd(index) && index < rows.length - 1 ? 0 : weight)) }
    case 'duplicates':
      return { points: rows.map(({ choice }, index) => points[choice % (index + 1)] ?? []), weights }
    case 'collinear': {
      const [direction = []] = points
      return { points: points.map(([along = 0]) => direction.map((entry) => along * entry)), weights }
    }
    case 'clustered':
      return { points: points.map((point, index) => point.map((entry) => entry / 256 + (odd(index) ? 1.5 : -1.5))), weights }
    case 'single':
      return { points: points.slice(0, 1), weights: weights.slice(0, 1) }
  }
}
