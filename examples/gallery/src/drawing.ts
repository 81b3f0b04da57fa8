import type { Pixel, Points, Scene } from '@monge/viz'
import type { Cloud, Frame, Size } from './experiment.js'

/** Points of the plane as rows: what algorithms on the host take. */
export type Rows = readonly (readonly [number, number])[]

/** Rows as a frame carries them. */
export const cloudOfRows = (rows: Rows): Cloud => ({ points: Float32Array.from(rows.flat()), dimension: 2 })

/** Numbers `[n, 2]` as rows, each `scale` times as large. */
export const rowsOf = (points: ArrayLike<number>, scale = 1): Rows =>
  Array.from(
    { length: points.length / 2 },
    (_, row) => [scale * (points[2 * row] ?? 0), scale * (points[2 * row + 1] ?? 0)] as const,
  )

/** A cloud of a frame as the plotting functions take it. */
export const pointsIn = ({ clouds }: Frame, name: string): Points => {
  const { points }: Pick<Cloud, 'points'> = clouds[name] ?? { points: new Float32Array() }
  return { data: points, shape: [points.length / 2, 2] }
}

/** Pictures in one, each moved to its place. */
export const together = (
  words: Pick<Scene, 'title' | 'description'>,
  { width, height }: Size,
  parts: readonly { readonly scene: Scene; readonly at: Pixel }[],
): Scene => ({
  ...words,
  width,
  height,
  background: 'white',
  marks: parts.map(({ scene, at }) => ({ kind: 'group', move: at, marks: scene.marks })),
})

/** How wide each of some panels without numbers may be in a picture, side by side. */
export const panelWidth = (width: number, columns: number, gap = 10): number =>
  Math.floor((width - 32 - gap * (columns - 1)) / columns)
