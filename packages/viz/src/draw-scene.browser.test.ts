import { describe, expect, test } from 'vitest'
import { dotRenderer, drawScene, heatMap, plot, scatter, toSvg } from './index.js'
import type { DotRenderer, Mark, Scene } from './index.js'

type Rgba = readonly number[]

interface Drawn {
  readonly at: (x: number, y: number) => Rgba
  readonly pixels: Uint8ClampedArray
}

const canvasOf = (width: number, height: number): HTMLCanvasElement =>
  Object.assign(document.createElement('canvas'), { width, height })

const contextOf = (canvas: HTMLCanvasElement): CanvasRenderingContext2D => {
  const context = canvas.getContext('2d')
  if (context === null) throw new Error('no canvas')
  return context
}

const readBack = (context: CanvasRenderingContext2D): Drawn => {
  const { width, height } = context.canvas
  const pixels = context.getImageData(0, 0, width, height).data
  return { pixels, at: (x, y) => Array.from(pixels.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)) }
}

const drawn = (scene: Scene, ratio: number): Drawn => {
  const context = contextOf(canvasOf(scene.width * ratio, scene.height * ratio))
  drawScene(context, ratio)(scene)
  return readBack(context)
}

const printed = async (scene: Scene, ratio: number): Promise<Drawn> => {
  const image = new Image()
  image.src = `data:image/svg+xml,${encodeURIComponent(toSvg(scene))}`
  await image.decode()
  const context = contextOf(canvasOf(scene.width * ratio, scene.height * ratio))
  context.drawImage(image, 0, 0, scene.width * ratio, scene.height * ratio)
  return readBack(context)
}

const sceneOf = (marks: readonly Mark[]): Scene => ({ width: 60, height: 40, title: 'test', background: 'white', marks })

const red = [255, 0, 0, 255]
const white = [255, 255, 255, 255]

const cloud = Float32Array.from({ length: 1400 }, (_, index) => Math.sin(index * index))

describe('a scene on a canvas', () => {
  test.each([1, 2])('is drawn in %s pixels to one', (ratio) => {
    const box = { x: 10, y: 10, width: 20, height: 10 }
    const { at } = drawn(sceneOf([{ kind: 'rectangle', box, style: { fill: 'red' } }]), ratio)
    expect(at(12 * ratio, 12 * ratio)).toEqual(red)
    expect(at(30 * ratio - 1, 20 * ratio - 1)).toEqual(red)
    expect(at(30 * ratio, 15 * ratio)).toEqual(white)
  })

  test('is cut, moved and scaled as its groups say', () => {
    const box = { x: 0, y: 0, width: 100, height: 100 }
    const marks: readonly Mark[] = [{ kind: 'rectangle', box, style: { fill: 'red' } }]
    const { at } = drawn(
      sceneOf([{ kind: 'group', move: [20, 10], scale: 2, clip: { x: 0, y: 0, width: 5, height: 5 }, marks }]),
      1,
    )
    expect(at(21, 11)).toEqual(red)
    expect(at(29, 19)).toEqual(red)
    expect(at(31, 15)).toEqual(white)
    expect(at(19, 9)).toEqual(white)
  })

  test('shows glass as dark where dots overlap as where they do not', () => {
    const centres = Float32Array.of(20, 20, 24, 20)
    const { at } = drawn(sceneOf([{ kind: 'dots', centres, radius: 8, style: { fill: 'red', opacity: 0.5 } }]), 1)
    expect(at(22, 20)).toEqual(at(14, 20))
    expect(at(22, 20)[1]).toBeGreaterThan(120)
    expect(at(22, 20)[1]).toBeLessThan(135)
  })

  test.each<readonly [string, Scene]>([
    [
      'clouds',
      plot({ title: '', width: 300, height: 240, axes: 'frame' })([
        scatter({ points: { data: cloud, shape: [700, 2] }, opacity: 0.5 }),
        scatter({ points: { data: cloud.subarray(0, 80), shape: [40, 2] }, colour: '#d55e00', velocities: { data: cloud.subarray(90, 170), shape: [40, 2] } }),
      ]),
    ],
    ['a heat map', plot({ title: '', width: 300, height: 240, axes: 'none' })([heatMap({ values: { data: cloud, shape: [35, 40] } })])],
  ])('looks as its SVG does: %s', async (_, scene) => {
    const [one, other] = [drawn(scene, 2).pixels, (await printed(scene, 2)).pixels]
    const apart = one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length
    expect(apart).toBeLessThan(1.5)
    // It is a picture at all.
    expect(new Set(one).size).toBeGreaterThan(20)
  })

  test('leaves dots to others if told to', () => {
    const scene = sceneOf([{ kind: 'dots', centres: Float32Array.of(20, 20), radius: 8, style: { fill: 'red' } }])
    const context = contextOf(canvasOf(60, 40))
    drawScene(context, 1, { dots: false })(scene)
    expect(readBack(context).at(20, 20)).toEqual(white)
  })
})

describe('dots on the GPU', () => {
  interface Gpu {
    readonly canvas: HTMLCanvasElement
    readonly gl: WebGL2RenderingContext
    readonly renderer: DotRenderer
    /** Rows from the top, as pictures have them. */
    readonly at: (x: number, y: number) => Rgba
    readonly ink: () => number
  }

  const gpuOf = (width: number, height: number): Gpu => {
    const canvas = canvasOf(width, height)
    const renderer = dotRenderer(canvas)
    const gl = canvas.getContext('webgl2')
    if (renderer === undefined || gl === null) throw new Error('no WebGL')
    const read = (x: number, y: number, w: number, h: number): Uint8Array => {
      const bytes = new Uint8Array(4 * w * h)
      gl.readPixels(x, canvas.height - y - h, w, h, gl.RGBA, gl.UNSIGNED_BYTE, bytes)
      return bytes
    }
    return {
      canvas,
      gl,
      renderer,
      at: (x, y) => [...read(x, y, 1, 1)],
      ink: () => read(0, 0, canvas.width, canvas.height).reduce((sum, value, index) => sum + (index % 4 === 3 ? value / 255 : 0), 0),
    }
  }

  const one = (extra: Partial<Extract<Mark, { kind: 'dots' }>> = {}): Mark => ({
    kind: 'dots',
    centres: Float32Array.of(20, 15),
    radius: 8,
    style: { fill: 'red' },
    ...extra,
  })

  test.each([1, 2, 3])('are where they belong, at %s pixels to one', (ratio) => {
    const { renderer, at, ink } = gpuOf(60 * ratio, 40 * ratio)
    renderer.draw(sceneOf([one()]), ratio)
    expect(at(20 * ratio, 15 * ratio)).toEqual(red)
    expect(at(20 * ratio, 30 * ratio)).toEqual([0, 0, 0, 0])
    const disc = Math.PI * (8 * ratio) ** 2
    expect(Math.abs(ink() - disc) / disc).toBeLessThan(0.03)
    renderer.dispose()
  })

  test('have radii and colours of their own, and the opacity of their groups', () => {
    const { renderer, at } = gpuOf(60, 40)
    const dots = one({ centres: Float32Array.of(10, 20, 40, 20), radius: Float32Array.of(3, 9), colours: ['#00ff00', 'rgb(0, 0, 255)'] })
    renderer.draw(sceneOf([{ kind: 'group', style: { opacity: 0.5 }, marks: [dots] }]), 1)
    // Colours are premultiplied by their opacity.
    expect(at(10, 20).map((value) => Math.round(value / 16))).toEqual([0, 8, 0, 8])
    expect(at(40, 20).map((value) => Math.round(value / 16))).toEqual([0, 0, 8, 8])
    expect(at(16, 20)).toEqual([0, 0, 0, 0])
    expect(at(46, 20)[3]).toBeGreaterThan(100)
    renderer.dispose()
  })

  test('are cut at the clip of their group', () => {
    const { renderer, at } = gpuOf(120, 80)
    const clip = { x: 0, y: 0, width: 20, height: 40 }
    renderer.draw(sceneOf([{ kind: 'group', clip, marks: [one({ radius: 10 })] }]), 2)
    expect(at(38, 30)).toEqual(red)
    expect(at(41, 30)).toEqual([0, 0, 0, 0])
    renderer.dispose()
  })

  test('are replaced by those of the next scene', () => {
    const { renderer, ink } = gpuOf(60, 40)
    renderer.draw(sceneOf([one()]), 1)
    renderer.draw(sceneOf([]), 1)
    expect(ink()).toBe(0)
    renderer.dispose()
  })

  test('come back when the GPU does', async () => {
    const { canvas, gl, renderer, at } = gpuOf(60, 40)
    renderer.draw(sceneOf([one()]), 1)
    const extension = gl.getExtension('WEBGL_lose_context')
    const lost = new Promise((resolve) => canvas.addEventListener('webglcontextlost', resolve, { once: true }))
    extension?.loseContext()
    await lost
    expect(renderer.alive()).toBe(false)
    renderer.draw(sceneOf([one({ centres: Float32Array.of(40, 20) })]), 1)
    // The browser takes it back only after the event is over.
    await new Promise((resolve) => setTimeout(resolve, 50))
    const restored = new Promise((resolve) => canvas.addEventListener('webglcontextrestored', resolve, { once: true }))
    extension?.restoreContext()
    await restored
    expect(renderer.alive()).toBe(true)
    expect(at(40, 20)).toEqual(red)
    renderer.dispose()
  })

  test('draw nothing once disposed of', () => {
    const { renderer } = gpuOf(60, 40)
    renderer.dispose()
    expect(renderer.alive()).toBe(false)
    renderer.draw(sceneOf([one()]), 1)
  })
})
