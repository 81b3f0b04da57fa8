import { gif, paletteOf } from './gif.js'
import { raster } from './raster.js'
import type { Scene } from '@monge/viz'
import type { Pixels } from './gif.js'

/*
 * Draws and encodes an animation off the page's thread, which is free for the visitor in the meantime.
 */

export interface Film {
  readonly scenes: readonly Scene[]
  readonly ratio: number
  /** Milliseconds that a frame stays. */
  readonly delay: number
  readonly lastDelay: number
}

export type GifNews =
  | { readonly kind: 'drawn'; readonly share: number }
  | { readonly kind: 'done'; readonly bytes: Uint8Array }
  | { readonly kind: 'failed'; readonly message: string }

// The page's types know a window here, and not a worker's scope.
interface Scope {
  postMessage(message: GifNews): void
  addEventListener(kind: 'message', hear: (event: MessageEvent<Film>) => void): void
}
const scope = globalThis as unknown as Scope

const pixelsOf = (scene: Scene, ratio: number): { readonly pixels: Pixels; readonly width: number; readonly height: number } => {
  const canvas = raster(scene, ratio)
  const { width, height } = canvas
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()
  return { pixels, width, height }
}

const encode = ({ scenes, ratio, delay, lastDelay }: Film): Uint8Array => {
  const middle = Math.floor(scenes.length / 2)
  const samples = [scenes[0], scenes[middle], scenes.at(-1)].flatMap((scene) =>
    scene === undefined ? [] : [pixelsOf(scene, ratio)],
  )
  const [first] = samples
  if (first === undefined) throw new Error('there are no frames')
  const { width, height } = first
  const encoder = gif(width, height, paletteOf(samples.map(({ pixels }) => pixels)))
  scenes.forEach((scene, index) => {
    encoder.add(pixelsOf(scene, ratio).pixels, index === scenes.length - 1 ? lastDelay : delay)
    scope.postMessage({ kind: 'drawn', share: (index + 1) / scenes.length })
  })
  return encoder.bytes()
}

scope.addEventListener('message', ({ data }) => {
  try {
    scope.postMessage({ kind: 'done', bytes: encode(data) })
  } catch (error) {
    scope.postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) })
  }
})
