import type { Box, DotCloud, Group, Mark, Path, Pixel, Scene, Style, Text } from './scene.js'

/** A canvas to draw on, in a page or in a worker. */
export type Canvas2D = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

export interface DrawOptions {
  /** Whether to draw `dots` marks; yes unless given. Without them a `dotRenderer` draws them on a canvas above. */
  readonly dots?: boolean
}

interface Brush {
  readonly context: Canvas2D
  readonly dots: boolean
  /** What marks inherit of the groups around them. */
  readonly style: Style
  readonly opacity: number
}

// What is not inherited: opacity multiplies, and edges are each mark's own.
const heir = (brush: Brush, { opacity = 1, crisp: _crisp, ...style }: Style = {}): Brush => ({
  ...brush,
  style: { ...brush.style, ...style },
  opacity: brush.opacity * opacity,
})

// A canvas takes no notice of a colour that is none, and would go on with the last.
const ink = ({ context, style, opacity }: Brush, fill: (() => void) | undefined, stroke: () => void): void => {
  const { fill: colour = 'black', stroke: edge = 'none', strokeWidth = 1, dash, cap = 'butt' } = style
  context.globalAlpha = opacity
  if (fill !== undefined && colour !== 'none') {
    context.fillStyle = colour
    fill()
  }
  if (edge === 'none') return
  context.strokeStyle = edge
  context.lineWidth = strokeWidth
  context.lineCap = cap
  context.setLineDash(dash === undefined ? [] : [...dash])
  stroke()
}

const ruleOf = ({ closed, style }: Path): CanvasFillRule | undefined =>
  closed === true ? 'evenodd' : style?.fill === undefined ? undefined : 'nonzero'

const inkPath = (brush: Brush, rule?: CanvasFillRule): void =>
  ink(brush, rule && (() => brush.context.fill(rule)), () => brush.context.stroke())

// Cells that must touch get their corners on whole pixels of the screen.
const snapped = (context: Canvas2D): ((pixel: Pixel) => Pixel) => {
  const { a, d, e, f } = context.getTransform()
  return ([x, y]) => [(Math.round(a * x + e) - e) / a, (Math.round(d * y + f) - f) / d]
}

const itself = (pixel: Pixel): Pixel => pixel

const trace = (context: Canvas2D, { lines, closed = false, style }: Path): void => {
  const place = style?.crisp === true ? snapped(context) : itself
  context.beginPath()
  for (const line of lines) {
    for (const [index, pixel] of line.entries()) {
      const [x, y] = place(pixel)
      if (index === 0) context.moveTo(x, y)
      else context.lineTo(x, y)
    }
    if (closed) context.closePath()
  }
}

const traceRectangle = (context: Canvas2D, { x, y, width, height }: Box, crisp: boolean): void => {
  const place = crisp ? snapped(context) : itself
  const [[left, top], [right, bottom]] = [place([x, y]), place([x + width, y + height])]
  context.beginPath()
  context.rect(left, top, right - left, bottom - top)
}

const traceCircle = (context: Canvas2D, [x, y]: Pixel, radius: number): void => {
  context.moveTo(x + radius, y)
  context.arc(x, y, radius, 0, 2 * Math.PI)
}

// Dots of one colour in few paths: in one, where they are glass, lest those that overlap look darker.
const batch = 512

const drawDots = (brush: Brush, { centres, radius, colours, style }: DotCloud): void => {
  const { context } = brush
  const own = heir(brush, style)
  const bare = (own.style.stroke ?? 'none') === 'none'
  const size = colours === undefined && bare ? (own.opacity < 1 ? Infinity : batch) : 1
  const count = centres.length / 2
  for (let start = 0; start < count; start += size) {
    const end = Math.min(count, start + size)
    context.beginPath()
    for (let index = start; index < end; index++)
      traceCircle(
        context,
        [centres[2 * index] ?? 0, centres[2 * index + 1] ?? 0],
        typeof radius === 'number' ? radius : (radius[index] ?? 0),
      )
    inkPath(colours === undefined ? own : heir(own, { fill: colours[start] ?? 'none' }), 'nonzero')
  }
}

const drawText = (brush: Brush, { at, text, size, anchor = 'start', weight, turn = 0 }: Text): void => {
  const { context } = brush
  context.save()
  context.translate(at[0], at[1])
  context.rotate((turn * Math.PI) / 180)
  context.font = `${weight === 'bold' ? '600 ' : ''}${size}px Inter, system-ui, sans-serif`
  context.textAlign = anchor === 'middle' ? 'center' : anchor === 'end' ? 'right' : 'left'
  const fill = (): void => context.fillText(text, 0, 0)
  const stroke = (): void => context.strokeText(text, 0, 0)
  ink(brush, fill, stroke)
  context.restore()
}

// A group of circles without styles of their own, such as a small cloud, is drawn as dots are: as one pane of glass.
const cloudOf = ({ marks, style }: Group): DotCloud | undefined => {
  const circles = marks.flatMap((mark) => (mark.kind === 'circle' && mark.style === undefined ? [mark] : []))
  if (circles.length === 0 || circles.length < marks.length || style?.stroke !== undefined) return undefined
  return {
    kind: 'dots',
    centres: Float32Array.from(circles.flatMap(({ centre }) => centre)),
    radius: Float32Array.from(circles, ({ radius }) => radius),
  }
}

const drawGroup = (brush: Brush, mark: Group): void => {
  const { context } = brush
  const own = heir(brush, mark.style)
  const cloud = cloudOf(mark)
  context.save()
  if (mark.move !== undefined) context.translate(mark.move[0], mark.move[1])
  if (mark.scale !== undefined) context.scale(mark.scale, mark.scale)
  if (mark.clip !== undefined) {
    traceRectangle(context, mark.clip, false)
    context.clip()
  }
  if (cloud !== undefined) drawDots(own, cloud)
  else for (const inner of mark.marks) drawMark(own, inner)
  context.restore()
}

const drawMark = (brush: Brush, mark: Mark): void => {
  const { context } = brush
  switch (mark.kind) {
    case 'group':
      return drawGroup(brush, mark)
    case 'dots':
      return brush.dots ? drawDots(brush, mark) : undefined
    case 'text':
      return drawText(heir(brush, mark.style), mark)
    case 'circle':
      context.beginPath()
      traceCircle(context, mark.centre, mark.radius)
      return inkPath(heir(brush, mark.style), 'nonzero')
    case 'segment':
      context.beginPath()
      context.moveTo(...mark.from)
      context.lineTo(...mark.to)
      return inkPath(heir(brush, mark.style))
    case 'rectangle':
      traceRectangle(context, mark.box, mark.style?.crisp === true)
      return inkPath(heir(brush, mark.style), 'nonzero')
    case 'path':
      trace(context, mark)
      return inkPath(heir(brush, mark.style), ruleOf(mark))
  }
}

/**
 * Draws a scene on a canvas, as `toSvg` would print it: `ratio` pixels of the canvas to one of the scene, as many as
 * `devicePixelRatio` for a sharp picture. The canvas must be that large; what was on it before is erased.
 *
 * @example
 * const context = canvas.getContext('2d')
 * drawScene(context, devicePixelRatio)(scene)
 */
export const drawScene =
  (context: Canvas2D, ratio: number, options: DrawOptions = {}) =>
  (scene: Scene): void => {
    const { width, height, background, marks } = scene
    context.save()
    context.setTransform(ratio, 0, 0, ratio, 0, 0)
    context.clearRect(0, 0, width, height)
    const brush: Brush = { context, dots: options.dots ?? true, style: {}, opacity: 1 }
    if (background !== undefined)
      drawMark(brush, { kind: 'rectangle', box: { x: 0, y: 0, width, height }, style: { fill: background } })
    for (const mark of marks) drawMark(brush, mark)
    context.restore()
  }
