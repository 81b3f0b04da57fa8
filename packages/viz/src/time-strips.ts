import { mongeError } from '@monge/errors'
import { smallMultiples } from './small-multiples.js'
import type { Layer } from './layer.js'
import type { Panel, SmallMultiplesOptions } from './small-multiples.js'
import type { Scene } from './scene.js'

/** A flow at one time. */
export interface TimeFrame {
  readonly time: number
  readonly layers: readonly Layer[]
  /** At the right above the panel: a loss, say. */
  readonly note?: string
}

/** A flow through time, from left to right. */
export interface TimeStrip {
  readonly title?: string
  readonly frames: readonly TimeFrame[]
}

export type TimeStripsOptions = Omit<SmallMultiplesOptions, 'columns' | 'rowTitles'>

const panelOf = ({ time, layers, note }: TimeFrame): Panel => ({
  title: `t = ${time}`,
  layers,
  ...(note === undefined ? {} : { note }),
})

/**
 * Flows as strips of panels, one strip above the other, all with the same scales: the same number of times in each.
 *
 * @throws InvalidArgument for no strips, or strips of different lengths
 */
export const timeStrips =
  (options: TimeStripsOptions) =>
  (strips: readonly TimeStrip[]): Scene => {
    const columns = strips[0]?.frames.length ?? 0
    if (columns === 0) throw mongeError('InvalidArgument', 'timeStrips', 'has no frames')
    const odd = strips.findIndex(({ frames }) => frames.length !== columns)
    if (odd >= 0)
      throw mongeError(
        'InvalidArgument',
        'timeStrips',
        `strip ${odd} has ${strips[odd]?.frames.length} frames, strip 0 has ${columns}`,
      )
    const titled = strips.some(({ title }) => title !== undefined)
    return smallMultiples({
      ...options,
      columns,
      ...(titled ? { rowTitles: strips.map(({ title = '' }) => title) } : {}),
    })(strips.flatMap(({ frames }) => frames.map(panelOf)))
  }
