import { dotProgram, inputs } from './dot-program.js'
import { placedDots } from './dots.js'
import { rgbaOf } from './rgba.js'
import type { DotProgram } from './dot-program.js'
import type { PlacedDots } from './dots.js'
import type { Scene } from './scene.js'

/** Draws the `dots` marks of scenes, and nothing else, on a canvas of its own: for tens of thousands that move. */
export interface DotRenderer {
  /** Draws the dots of a scene, `ratio` pixels of the canvas to one of the scene. Does nothing while the GPU is away. */
  readonly draw: (scene: Scene, ratio: number) => void
  /** Whether there is a GPU to draw with at the moment: browsers take it away at times, and mostly give it back. */
  readonly alive: () => boolean
  readonly dispose: () => void
}

interface Buffers {
  readonly centre: WebGLBuffer | null
  readonly radius: WebGLBuffer | null
  readonly colour: WebGLBuffer | null
}

interface Ready {
  readonly program: DotProgram
  readonly buffers: Buffers
}

const coloursOf = (colours: readonly string[]): Uint8Array => {
  const bytes = new Uint8Array(4 * colours.length)
  for (const [index, colour] of colours.entries()) bytes.set(rgbaOf(colour), 4 * index)
  return bytes
}

const setUp = (gl: WebGL2RenderingContext): Ready | undefined => {
  const program = dotProgram(gl)
  if (program === undefined) return undefined
  gl.enable(gl.BLEND)
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA)
  return {
    program,
    buffers: { centre: gl.createBuffer(), radius: gl.createBuffer(), colour: gl.createBuffer() },
  }
}

const drawCloud = (gl: WebGL2RenderingContext, { program, buffers }: Ready, dots: PlacedDots): void => {
  const { centres, radius, colours } = dots.cloud
  const feed = (place: number, buffer: WebGLBuffer | null, data: Float32Array | Uint8Array, size: number): void => {
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer)
    gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW)
    gl.enableVertexAttribArray(place)
    if (data instanceof Uint8Array) gl.vertexAttribPointer(place, size, gl.UNSIGNED_BYTE, true, 0, 0)
    else gl.vertexAttribPointer(place, size, gl.FLOAT, false, 0, 0)
  }
  feed(inputs.centre, buffers.centre, centres, 2)
  if (typeof radius === 'number') {
    gl.disableVertexAttribArray(inputs.radius)
    gl.vertexAttrib1f(inputs.radius, radius)
  } else feed(inputs.radius, buffers.radius, radius, 1)
  if (colours === undefined) {
    const [red, green, blue, alpha] = rgbaOf(dots.fill)
    gl.disableVertexAttribArray(inputs.colour)
    gl.vertexAttrib4f(inputs.colour, red / 255, green / 255, blue / 255, alpha / 255)
  } else feed(inputs.colour, buffers.colour, coloursOf(colours), 4)
  gl.uniform3f(program.place, dots.move[0], dots.move[1], dots.scale)
  gl.uniform1f(program.opacity, dots.opacity)
  gl.drawArrays(gl.POINTS, 0, centres.length / 2)
}

const drawAll = (gl: WebGL2RenderingContext, ready: Ready, scene: Scene, ratio: number): void => {
  const { width, height } = gl.canvas
  gl.viewport(0, 0, width, height)
  gl.disable(gl.SCISSOR_TEST)
  gl.clearColor(0, 0, 0, 0)
  gl.clear(gl.COLOR_BUFFER_BIT)
  gl.useProgram(ready.program.program)
  gl.uniform2f(ready.program.size, width / ratio, height / ratio)
  gl.uniform1f(ready.program.ratio, ratio)
  for (const dots of placedDots(scene)) {
    const { clip } = dots
    if (clip === undefined) gl.disable(gl.SCISSOR_TEST)
    else {
      const [left, right] = [Math.round(clip.x * ratio), Math.round((clip.x + clip.width) * ratio)]
      const [top, bottom] = [Math.round(clip.y * ratio), Math.round((clip.y + clip.height) * ratio)]
      gl.enable(gl.SCISSOR_TEST)
      // WebGL counts rows from the bottom.
      gl.scissor(left, height - bottom, Math.max(0, right - left), Math.max(0, bottom - top))
    }
    drawCloud(gl, ready, dots)
  }
}

/**
 * A renderer of dots on a canvas by WebGL 2; undefined where there is none, and `drawScene` must do. Lay the canvas over
 * the one that `drawScene` draws the rest of the scene on. When the browser takes the context away and gives it back,
 * what was drawn last is drawn again.
 *
 * Dots of one cloud that overlap are as many panes of glass upon one another, each of the cloud's opacity.
 */
export const dotRenderer = (canvas: HTMLCanvasElement | OffscreenCanvas): DotRenderer | undefined => {
  const settings: WebGLContextAttributes = { antialias: false, depth: false, premultipliedAlpha: true }
  const found = canvas.getContext('webgl2', settings) as WebGL2RenderingContext | null
  if (found === null) return undefined
  const gl = found
  let ready = setUp(gl)
  if (ready === undefined) return undefined
  let latest: readonly [Scene, number] | undefined

  const draw = (scene: Scene, ratio: number): void => {
    latest = [scene, ratio]
    if (ready !== undefined && !gl.isContextLost()) drawAll(gl, ready, scene, ratio)
  }
  const lost = (event: Event): void => {
    // Without this the browser never gives it back.
    event.preventDefault()
    ready = undefined
  }
  const restored = (): void => {
    ready = setUp(gl)
    if (latest !== undefined) draw(...latest)
  }
  canvas.addEventListener('webglcontextlost', lost)
  canvas.addEventListener('webglcontextrestored', restored)

  return {
    draw,
    alive: () => ready !== undefined && !gl.isContextLost(),
    dispose: () => {
      canvas.removeEventListener('webglcontextlost', lost)
      canvas.removeEventListener('webglcontextrestored', restored)
      if (ready !== undefined) {
        for (const buffer of Object.values(ready.buffers) as (WebGLBuffer | null)[]) gl.deleteBuffer(buffer)
        gl.deleteProgram(ready.program.program)
      }
      ready = undefined
      latest = undefined
      // Browsers have few contexts to give, and a canvas that is thrown away holds its own until it is collected.
      gl.getExtension('WEBGL_lose_context')?.loseContext()
    },
  }
}
