import type { Dots } from './layer.js'

/*
 * One size of dot for all layers and panels that share it: the dots of a cloud cover a twentieth of the panel, but no
 * dot is a blob and the mean one can still be seen.
 */

const coverage = 0.05
const largestRadius = 6
const smallestMeanRadius = 0.7

const area = (radius: number): number => Math.PI * radius * radius

const inkOf =
  (panelArea: number) =>
  ({ count, mass, heaviest }: Dots): number =>
    Math.min(
      Math.max((coverage * panelArea) / mass, (area(smallestMeanRadius) * count) / mass),
      area(largestRadius) / heaviest,
    )

/** Square pixels per unit of mass, for panels of `panelArea` square pixels that hold these clouds. */
export const inkPerMass = (panelArea: number, clouds: readonly Dots[]): number =>
  clouds.length === 0 ? 1 : Math.min(...clouds.map(inkOf(panelArea)))
