import { scatter, smallMultiples } from '@monge/viz'
import type { Layer, Points, Scene } from '@monge/viz'

/** A model's samples over data that it has not seen. */
export interface Panel {
  readonly title: string
  readonly heldOut: Points
  readonly samples: Points
}

const clouds = ({ heldOut, samples }: Panel): readonly Layer[] => [
  scatter({ points: heldOut, colour: '#8c8c8c', opacity: 0.4, label: 'held-out data' }),
  scatter({ points: samples, colour: '#d55e00', opacity: 0.8, label: 'samples' }),
]

/** Panels side by side, each `side` pixels wide and high. */
export const panels = (title: string, shown: readonly Panel[], side = 230): Scene =>
  smallMultiples({
    title,
    description: 'Samples of the network over held-out data.',
    equal: true,
    panelWidth: side,
    panelHeight: side,
    x: { domain: [-2.6, 2.6] },
    y: { domain: [-2.6, 2.6] },
    axes: 'frame',
  })(shown.map((panel) => ({ title: panel.title, layers: clouds(panel) })))
