import type { Place } from '../clouds/brush.js'

const ink = '#0b5a9d'
const marker = '#a11212'

/** Draws points `[n, 2]` of the unit square on a canvas that it fills, and the brush where there is one. */
export const paintCloud = (canvas: HTMLCanvasElement, points: ArrayLike<number>, brush: Place | undefined): void => {
  const context = canvas.getContext('2d')
  if (context === null) return
  const { width, height } = canvas
  context.clearRect(0, 0, width, height)
  context.fillStyle = ink
  context.beginPath()
  for (let index = 0; index + 1 < points.length; index += 2) {
    const [x, y] = [width * (points[index] ?? 0), height * (1 - (points[index + 1] ?? 0))]
    context.moveTo(x + 2.4, y)
    context.arc(x, y, 2.4, 0, 2 * Math.PI)
  }
  context.fill()
  if (brush === undefined) return
  context.strokeStyle = marker
  context.lineWidth = 2
  context.beginPath()
  context.arc(width * brush[0], height * (1 - brush[1]), 0.025 * width, 0, 2 * Math.PI)
  context.stroke()
}
