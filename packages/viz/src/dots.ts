import type { Box, DotCloud, Mark, Scene } from './scene.js'

/** A cloud of dots with what the groups around it say: where it is, how it is painted, what is seen of it. */
export interface PlacedDots {
  readonly cloud: DotCloud
  /** Centres and radii are scaled by this, then moved: to pixels of the scene. */
  readonly scale: number
  readonly move: readonly [number, number]
  readonly fill: string
  readonly opacity: number
  /** In pixels of the scene. */
  readonly clip: Box | undefined
}

type Around = Omit<PlacedDots, 'cloud'>

const overlap = (one: Box | undefined, other: Box): Box => {
  if (one === undefined) return other
  const [x, y] = [Math.max(one.x, other.x), Math.max(one.y, other.y)]
  const width = Math.max(0, Math.min(one.x + one.width, other.x + other.width) - x)
  const height = Math.max(0, Math.min(one.y + one.height, other.y + other.height) - y)
  return { x, y, width, height }
}

const collect = (marks: readonly Mark[], around: Around, found: PlacedDots[]): void => {
  for (const mark of marks) {
    if (mark.kind !== 'group' && mark.kind !== 'dots') continue
    const { fill = around.fill, opacity = 1 } = mark.style ?? {}
    const painted = { ...around, fill, opacity: around.opacity * opacity }
    if (mark.kind === 'dots') {
      found.push({ ...painted, cloud: mark })
      continue
    }
    const [moveX, moveY] = mark.move ?? [0, 0]
    const scale = around.scale * (mark.scale ?? 1)
    const move = [around.move[0] + around.scale * moveX, around.move[1] + around.scale * moveY] as const
    const { clip } = mark
    const seen =
      clip === undefined
        ? around.clip
        : overlap(around.clip, {
            x: move[0] + scale * clip.x,
            y: move[1] + scale * clip.y,
            width: scale * clip.width,
            height: scale * clip.height,
          })
    collect(mark.marks, { ...painted, scale, move, clip: seen }, found)
  }
}

/** All clouds of dots in a scene, from back to front. */
export const placedDots = (scene: Scene): readonly PlacedDots[] => {
  const found: PlacedDots[] = []
  collect(scene.marks, { scale: 1, move: [0, 0], fill: 'black', opacity: 1, clip: undefined }, found)
  return found
}

/** How many dots the `dots` marks of a scene hold: whether it is worth a `dotRenderer`. */
export const dotCount = (scene: Scene): number =>
  placedDots(scene).reduce((sum, { cloud }) => sum + cloud.centres.length / 2, 0)
