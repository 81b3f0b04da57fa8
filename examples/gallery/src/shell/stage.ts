import { dotCount, dotRenderer, drawScene } from '@monge/viz'
import type { DotRenderer, Scene } from '@monge/viz'
import { element } from './element.js'
import type { Size } from '../experiment.js'

export interface Stage {
  readonly element: HTMLElement
  /** What a picture may take, in CSS pixels. */
  readonly size: () => Size
  readonly draw: (scene: Scene) => void
  readonly close: () => void
}

// Below this many dots a canvas draws them as fast as the GPU would.
const many = 1500

/** Where the picture is: a canvas, and above it one for the dots of large clouds, drawn by the GPU. */
export const stage = (resized: () => void): Stage => {
  const canvas = element('canvas', { role: 'img' })
  const over = element('canvas', { 'aria-hidden': 'true', class: 'over' })
  const holder = element('div', { class: 'stage' }, canvas, over)
  const context = canvas.getContext('2d')
  // `null`: there is no WebGL here.
  let dots: DotRenderer | null | undefined
  let drawnOver = false

  const observer = new ResizeObserver(() => resized())
  observer.observe(holder)

  const size = (): Size => {
    const width = Math.max(280, Math.floor(holder.clientWidth))
    return { width, height: Math.round(Math.min(Math.max(300, 0.72 * width), Math.max(300, 0.72 * innerHeight), 720)) }
  }

  const place = (target: HTMLCanvasElement, scene: Scene, ratio: number): void => {
    const [width, height] = [Math.round(scene.width * ratio), Math.round(scene.height * ratio)]
    if (target.width !== width) target.width = width
    if (target.height !== height) target.height = height
  }

  const draw = (scene: Scene): void => {
    if (context === null) return
    // A scene that is wider than the stage is shown smaller.
    const shown = Math.min(1, holder.clientWidth / scene.width)
    const ratio = devicePixelRatio * shown
    canvas.style.width = over.style.width = `${scene.width * shown}px`
    canvas.style.height = over.style.height = `${scene.height * shown}px`
    const asked = dotCount(scene) >= many
    if (asked) dots ??= dotRenderer(over) ?? null
    const apart = asked && dots !== null && dots !== undefined && dots.alive()
    place(canvas, scene, ratio)
    drawScene(context, ratio, { dots: !apart })(scene)
    if (apart) {
      place(over, scene, ratio)
      dots?.draw(scene, ratio)
    } else if (drawnOver) over.width = 1
    drawnOver = apart
    over.hidden = !apart
    const told = [scene.title, scene.description ?? ''].filter((words) => words !== '').join('. ')
    if (canvas.getAttribute('aria-label') !== told) canvas.setAttribute('aria-label', told)
  }

  return {
    element: holder,
    size,
    draw,
    close: () => {
      observer.disconnect()
      dots?.dispose()
    },
  }
}
