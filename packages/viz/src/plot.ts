import { requireKnownKeys, requirePositive } from '@monge/errors'
import { axesOf, bottomRoom, gridOf, leftRoom } from './axes.js'
import { frameOf, jointExtent, jointInset } from './frame.js'
import { inkPerMass } from './ink.js'
import { colourKeyOf, keyRoom, legendOf } from './legend.js'
import { sizes, write } from './lettering.js'
import type { AxesStyle } from './axes.js'
import type { FrameOptions } from './frame.js'
import type { Frame, Layer } from './layer.js'
import type { Box, Mark, Scene } from './scene.js'

export interface PlotOptions extends FrameOptions {
  /** What the picture shows: written above it, and told to readers who cannot see it. */
  readonly title: string
  /** What is to be seen in it, for those who cannot. */
  readonly description?: string
  /** Pixels of the whole picture; 560 by 400 unless given. */
  readonly width?: number
  readonly height?: number
  /** `full` unless given. */
  readonly axes?: AxesStyle
}

/** The marks of the layers, cut off at the frame. */
export const contentsOf = (frame: Frame, layers: readonly Layer[]): Mark => ({
  kind: 'group',
  name: 'data',
  clip: frame.box,
  marks: layers.flatMap((layer) => layer.draw(frame)),
})

/** The sizes of the layers' dots, for `inkPerMass`. */
export const dotsOf = (layers: readonly Layer[]): readonly NonNullable<Layer['dots']>[] =>
  layers.flatMap(({ dots }) => (dots === undefined ? [] : [dots]))

/**
 * One plot: layers above one another in one frame, with axes, a legend of the layers that have labels, and a key of
 * colours if one of them has.
 *
 * @example
 * plot({ title: 'Two clouds', equal: true })([scatter({ points: x, label: 'x' }), scatter({ points: y, label: 'y' })])
 *
 * @throws InvalidOption for an unknown option or a size that is not positive; InvalidArgument for no layers
 */
export const plot =
  (options: PlotOptions) =>
  (layers: readonly Layer[]): Scene => {
    requireKnownKeys(['title', 'description', 'width', 'height', 'axes', 'x', 'y', 'equal'])('plot', options)
    const width = requirePositive('plot: width', options.width ?? 560)
    const height = requirePositive('plot: height', options.height ?? 400)
    const { title, axes = 'full' } = options
    const extent = jointExtent('plot', layers)
    const inset = jointInset(layers)
    const key = layers.find(({ colourKey }) => colourKey !== undefined)?.colourKey
    const legend = legendOf(
      layers.flatMap((layer) => layer.legend),
      width - 32,
    )

    const framed = (left: number, bottom: number): Frame => {
      const top = 36 + legend.height
      const right = 16 + keyRoom(key)
      const box: Box = {
        x: left,
        y: top,
        width: Math.max(1, width - left - right),
        height: Math.max(1, height - top - bottom),
      }
      const ink = inkPerMass(box.width * box.height, dotsOf(layers))
      return frameOf('plot', box, extent, { ...options, inset, inkPerMass: ink })
    }
    // The numbers along the axes decide how much room they need, and the room decides the numbers: settle in two steps.
    const draft = framed(60, 40)
    const frame = axes === 'full' ? framed(leftRoom(draft.y) + 8, bottomRoom(draft.x) + 10) : framed(16, 16)

    return {
      width,
      height,
      title,
      background: 'white',
      marks: [
        write(title, [16, 24], sizes.title, { weight: 'bold' }),
        { kind: 'group', name: 'legend', move: [16, 36], marks: legend.marks },
        ...gridOf(frame, axes),
        contentsOf(frame, layers),
        ...axesOf(frame, axes, { left: true, bottom: true }),
        ...(key === undefined ? [] : colourKeyOf(key, frame.box)),
      ],
      ...(options.description === undefined ? {} : { description: options.description }),
    }
  }
