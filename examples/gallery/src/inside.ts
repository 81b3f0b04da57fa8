import type { Scene } from '@monge/viz'
import type { Size } from './experiment.js'

/** A scene of any size, as large as it goes into another: at its top, in the middle of its width. */
export const inside =
  ({ width, height }: Size) =>
  (scene: Scene): Scene => {
    const scale = Math.min(width / scene.width, height / scene.height)
    return {
      ...scene,
      width,
      height,
      marks: [{ kind: 'group', name: 'scene', move: [(width - scale * scene.width) / 2, 0], scale, marks: scene.marks }],
    }
  }
