import { mongeError, requireInteger, requireKnownKeys, requireNonNegative, requirePositive } from '@monge/errors'
import { axesOf, bottomRoom, gridOf, leftRoom } from './axes.js'
import { frameOf, jointExtent, jointInset } from './frame.js'
import { inkPerMass } from './ink.js'
import { colourKeyOf, keyRoom, legendOf } from './legend.js'
import { greys, sizes, write } from './lettering.js'
import { contentsOf, dotsOf } from './plot.js'
import type { AxesStyle } from './axes.js'
import type { FrameOptions } from './frame.js'
import type { ColourKey, Extent, Frame, Layer } from './layer.js'
import type { Mark, Scene } from './scene.js'

/** One picture of a grid. */
export interface Panel {
  readonly layers: readonly Layer[]
  /** Above the panel, at the left. */
  readonly title?: string
  /** Above the panel, at the right. */
  readonly note?: string
}

export interface SmallMultiplesOptions extends FrameOptions {
  readonly title: string
  readonly description?: string
  /** How many panels stand side by side; 3 unless given. */
  readonly columns?: number
  /** Pixels of one panel's frame; 150 by 150 unless given. */
  readonly panelWidth?: number
  readonly panelHeight?: number
  /** Pixels between panels; 10 unless given. */
  readonly gap?: number
  /** Whether all panels show the same range; both yes unless given. */
  readonly share?: { readonly x?: boolean; readonly y?: boolean }
  /** `full` unless given. */
  readonly axes?: AxesStyle
  /** A heading above each row. */
  readonly rowTitles?: readonly string[]
}

const optionNames: readonly string[] = [
  'title',
  'description',
  'columns',
  'panelWidth',
  'panelHeight',
  'gap',
  'share',
  'axes',
  'rowTitles',
  'x',
  'y',
  'equal',
]

const margin = 16
const headingHeight = 24
const titleHeight = 18

// One frame for every panel, in the panel's own coordinates: shared axes are the same object.
const framesOf = (options: SmallMultiplesOptions, panels: readonly Panel[]): readonly Frame[] => {
  const width = requirePositive('smallMultiples: panelWidth', options.panelWidth ?? 150)
  const height = requirePositive('smallMultiples: panelHeight', options.panelHeight ?? 150)
  const { x: shareX = true, y: shareY = true } = options.share ?? {}
  const layers = panels.flatMap((panel) => panel.layers)
  const whole = jointExtent('smallMultiples', layers)
  const ink = inkPerMass(width * height, dotsOf(layers))
  const inset = jointInset(layers)
  const frame = (extent: Extent): Frame =>
    frameOf('smallMultiples', { x: 0, y: 0, width, height }, extent, { ...options, inset, inkPerMass: ink })
  if (shareX && shareY) {
    const shared = frame(whole)
    return panels.map(() => shared)
  }
  return panels.map((panel, index) => {
    const own = jointExtent(`smallMultiples: panel ${index}`, panel.layers)
    return frame({ x: shareX ? whole.x : own.x, y: shareY ? whole.y : own.y })
  })
}

const headOf = ({ title, note }: Panel, width: number): readonly Mark[] => [
  ...(title === undefined ? [] : [write(title, [0, -5], sizes.label)]),
  ...(note === undefined ? [] : [write(note, [width, -5], sizes.tick, { anchor: 'end', colour: greys.faint })]),
]

// One key of colours for all panels, if they mean the same by them.
const keyOf = (panels: readonly Panel[]): ColourKey | undefined => {
  const keys = panels.flatMap(({ layers }) => layers.flatMap(({ colourKey }) => colourKey ?? []))
  const [first] = keys
  const same = keys.every(
    ({ scale: { map, domain } }) =>
      map === first?.scale.map && domain[0] === first.scale.domain[0] && domain[1] === first.scale.domain[1],
  )
  return same ? first : undefined
}

/**
 * A grid of panels, row by row, which share their scales and the size of their dots.
 *
 * Numbers stand only at the left and at the foot of the grid along an axis that all share. One legend serves all, and
 * one key of colours if all panels map the same range to the same colours: give heat maps a common `domain`.
 *
 * @throws InvalidOption for an unknown option or a size that is not positive; InvalidArgument for no panels
 */
export const smallMultiples =
  (options: SmallMultiplesOptions) =>
  (panels: readonly Panel[]): Scene => {
    requireKnownKeys(optionNames)('smallMultiples', options)
    if (panels.length === 0) throw mongeError('InvalidArgument', 'smallMultiples', 'has no panels')
    const columns = Math.min(requireInteger(1)('smallMultiples: columns', options.columns ?? 3), panels.length)
    const gap = requireNonNegative('smallMultiples: gap', options.gap ?? 10)
    const { title, axes = 'full', rowTitles = [] } = options
    const { x: shareX = true, y: shareY = true } = options.share ?? {}
    const frames = framesOf(options, panels)
    const { width, height } = frames[0]?.box ?? { width: 0, height: 0 }
    const rows = Math.ceil(panels.length / columns)

    const left = axes === 'full' ? Math.max(...frames.map(({ y }) => leftRoom(y))) : 0
    const foot = axes === 'full' ? Math.max(...frames.map(({ x }) => bottomRoom(x))) : 0
    const across = width + gap + (shareY ? 0 : left)
    const head =
      (rowTitles.length === 0 ? 0 : headingHeight) +
      (panels.some((panel) => panel.title !== undefined || panel.note !== undefined) ? titleHeight : 0)
    const down = head + height + gap + (shareX ? 0 : foot)
    const key = keyOf(panels)
    const total = 2 * margin + keyRoom(key) + left + across * columns - gap - (shareY ? 0 : left)
    const legend = legendOf(
      panels.flatMap((panel) => panel.layers.flatMap((layer) => layer.legend)),
      total - 2 * margin,
    )
    const top = 36 + legend.height

    const placed = panels.map((panel, index): Mark => {
      const frame = frames[index] ?? frames[0]
      const column = index % columns
      const row = Math.floor(index / columns)
      const sides = { left: !shareY || column === 0, bottom: !shareX || index + columns >= panels.length }
      const marks =
        frame === undefined
          ? []
          : [
              ...headOf(panel, width),
              ...gridOf(frame, axes),
              contentsOf(frame, panel.layers),
              ...axesOf(frame, axes, sides),
            ]
      return { kind: 'group', name: 'panel', move: [margin + left + column * across, top + row * down + head], marks }
    })
    const headings = rowTitles
      .slice(0, rows)
      .map((words, row) => write(words, [margin + left, top + row * down + 16], sizes.heading, { weight: 'bold' }))

    return {
      width: total,
      height: top + rows * down - gap + (shareX ? foot : 0) + margin,
      title,
      background: 'white',
      marks: [
        write(title, [margin, 24], sizes.title, { weight: 'bold' }),
        { kind: 'group', name: 'legend', move: [margin, 34], marks: legend.marks },
        ...headings,
        ...placed,
        ...(key === undefined
          ? []
          : colourKeyOf(key, { x: total - margin - keyRoom(key) - 1, y: top + head, width: 1, height })),
      ],
      ...(options.description === undefined ? {} : { description: options.description }),
    }
  }
