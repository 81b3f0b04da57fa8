import { scatter } from '@monge/viz'
import type { Extent, Layer } from '@monge/viz'
import { framed, planar } from '../framing.js'

/** How a cloud of particles looks. */
export interface CloudStyle {
  readonly colour: string
  /** Of a dot, in pixels. */
  readonly radius: number
  readonly opacity?: number
  /** The name in the legend. */
  readonly label?: string
}

/** Particles `[n, 2]` as dots of one size. The view is what the plot shows of the plane; it stays where it is. */
export const cloud = (points: Float32Array, view: Extent, { radius, ...style }: CloudStyle): Layer =>
  framed(view.x, view.y)(scatter({ points: planar(points), inkPerMass: (Math.PI * radius * radius * points.length) / 2, ...style }))

/** A radius that lets so many dots be told apart: smaller the more there are. */
export const radiusFor = (count: number): number => Math.max(0.8, Math.min(3.2, 32 / Math.sqrt(count)))

const none = new Float32Array()

/** The points of a cloud of a frame. */
export const pointsOf = (clouds: Readonly<Record<string, { readonly points: Float32Array }>>, name: string): Float32Array =>
  clouds[name]?.points ?? none
