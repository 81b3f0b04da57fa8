import { scatter, smallMultiples } from '@monge/viz'
import type { Layer, Points, Scene } from '@monge/viz'

/** A model's samples beside data that it has not seen. */
export interface Panel {
  readonly title: string
  readonly heldOut: Points
  readonly samples: Points
}

const clouds = ({ heldOut, samples }: Panel): readonly Layer[] => [
  scatter({ points: heldOut, colour: '#8c8c8c', opacity: 0.35, label: 'held-out data' }),
  scatter({ points: samples, colour: '#d55e00', opacity: 0.8, label: 'samples' }),
]

/** Panels side by side, each frame `side` pixels wide and high. */
export const panels = (
  title: string,
  description: string,
  shown: readonly Panel[],
  { columns, side }: { readonly columns: number; readonly side: number },
): Scene =>
  smallMultiples({
    title,
    description,
    columns: Math.min(columns, shown.length),
    equal: true,
    panelWidth: side,
    panelHeight: side,
    x: { domain: [-3.2, 3.2] },
    y: { domain: [-3.2, 3.2] },
  })(shown.map((panel) => ({ title: panel.title, layers: clouds(panel) })))
