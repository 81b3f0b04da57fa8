import { curves, drawScene, plot } from '@monge/viz'
import { element } from './element.js'
import { format } from './format.js'
import { keep } from './history.js'
import type { Curve, Frame } from '../experiment.js'

interface Point {
  readonly step: number
  readonly value: number
  readonly beside?: number
}

interface Panel {
  readonly element: HTMLElement
  readonly add: (frame: Frame) => void
  readonly draw: (width: number, ratio: number) => void
  readonly clear: () => void
}

const height = 170
const most = 600

const panelOf = (curve: Curve): Panel => {
  const canvas = element('canvas', { role: 'img', 'aria-label': curve.label })
  const points = keep<Point>(most)
  const drawable = (value = Number.NaN): boolean => Number.isFinite(value) && (curve.logarithmic !== true || value > 0)
  const draw = (width: number, ratio: number): void => {
    const shown = points.all().filter(({ value }) => drawable(value))
    const context = canvas.getContext('2d')
    const latest = shown.at(-1)
    canvas.hidden = shown.length < 2 || width < 50
    if (context === null || latest === undefined || canvas.hidden) return
    const { beside } = curve
    const others = shown.flatMap(({ step, beside: y = Number.NaN }) => (drawable(y) ? [{ x: step, y }] : []))
    const line = { x: shown.map(({ step }) => step), y: shown.map(({ value }) => value) }
    const dashed = { x: others.map(({ x }) => x), y: others.map(({ y }) => y) }
    const series =
      beside === undefined || others.length === 0
        ? [line]
        : [
            { ...line, label: curve.label },
            { ...dashed, label: beside.label },
          ]
    const scene = plot({
      title: `${curve.label}: ${format(latest.value)}`,
      width,
      height,
      x: { label: 'step', ticks: Math.max(2, Math.floor(width / 90)) },
      y: { kind: curve.logarithmic === true ? 'log' : 'linear', ticks: 3 },
    })([curves(series)])
    canvas.width = Math.round(width * ratio)
    canvas.height = Math.round(height * ratio)
    canvas.style.width = `${width}px`
    canvas.style.height = `${height}px`
    drawScene(context, ratio)(scene)
    canvas.setAttribute('aria-label', `${curve.label} over the steps, ${format(latest.value)} at step ${latest.step}`)
  }
  return {
    element: canvas,
    add: ({ step, readings }) => {
      const value = readings[curve.reading]
      const beside = curve.beside === undefined ? undefined : readings[curve.beside.reading]
      if (value !== undefined) points.add({ step, value, ...(beside === undefined ? {} : { beside }) })
    },
    draw,
    clear: () => {
      points.clear()
      canvas.hidden = true
    },
  }
}

export interface CurvePanels {
  readonly element: HTMLElement
  readonly add: (frame: Frame) => void
  /** Draws what was added, wherever it was not drawn a moment ago. */
  readonly refresh: (now?: 'at once') => void
  readonly clear: () => void
}

// Curves are read, not watched: a few pictures a second leave the time to the experiment.
const pause = 160

/** A small plot of each of a page's curves. */
export const curvePanels = (listed: readonly Curve[]): CurvePanels => {
  const panels = listed.map(panelOf)
  const holder = element('div', { class: 'curves' }, ...panels.map((panel) => panel.element))
  let drawn = 0
  let late: ReturnType<typeof setTimeout> | undefined
  const draw = (): void => {
    clearTimeout(late)
    late = undefined
    drawn = performance.now()
    const width = Math.floor(holder.clientWidth / (holder.clientWidth >= 640 && panels.length > 1 ? 2 : 1)) - 8
    for (const panel of panels) panel.draw(width, devicePixelRatio)
  }
  return {
    element: holder,
    add: (frame) => panels.forEach((panel) => panel.add(frame)),
    refresh: (now) => {
      const wait = drawn + pause - performance.now()
      if (now === 'at once' || wait <= 0) draw()
      else late ??= setTimeout(draw, wait)
    },
    clear: () => {
      clearTimeout(late)
      late = undefined
      panels.forEach((panel) => panel.clear())
    },
  }
}
