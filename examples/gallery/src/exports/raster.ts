import { drawScene } from '@monge/viz'
import type { Scene } from '@monge/viz'

/** A scene as pixels, `ratio` of them to each of its own. */
export const raster = (scene: Scene, ratio: number): OffscreenCanvas => {
  const canvas = new OffscreenCanvas(Math.round(scene.width * ratio), Math.round(scene.height * ratio))
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) throw new Error('this browser draws no pictures')
  // Pictures are seen elsewhere, where paper may be dark.
  drawScene(context, ratio)({ ...scene, background: scene.background ?? '#ffffff' })
  return canvas
}

export const toPng = (scene: Scene, ratio: number): Promise<Blob> =>
  raster(scene, ratio).convertToBlob({ type: 'image/png' })
