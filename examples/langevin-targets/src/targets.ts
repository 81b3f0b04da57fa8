import type { Place } from '@monge/backend'
import { banana, doubleWell, gaussianMixture, ring } from '@monge/langevin'
import type { Potential } from '@monge/langevin'
import { categorical, fold, uniform } from '@monge/random'
import type { Key } from '@monge/random'
import { tensorFrom } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import { half } from './words.js'
import type { TargetName } from './words.js'

export type Cloud = readonly (readonly number[])[]

/** A target, and the lengths of steps that suit it. */
export interface Target {
  readonly name: TargetName
  readonly potential: (place: Place) => Potential
  /** Of the unadjusted algorithm. */
  readonly step: number
  /** Of underdamped dynamics. */
  readonly stride: number
}

export const means: Cloud = [
  [-2, -1],
  [2, -1],
  [0, 2],
]

/** The shares of the three modes. */
export const shares: readonly number[] = [0.2, 0.3, 0.5]

/** The variance of each of them. */
export const variance = 0.5

export const targets: readonly Target[] = [
  {
    name: 'mixture',
    potential: gaussianMixture({ means, weights: shares, covariance: variance }),
    step: 0.05,
    stride: 0.3,
  },
  { name: 'banana', potential: banana({ curvature: 0.4, spread: 1.6 }), step: 0.05, stride: 0.3 },
  { name: 'ring', potential: ring({ radius: 3, width: 0.4 }), step: 0.03, stride: 0.3 },
]

/** One more, that the table leaves out: two wells with a barrier that chains cross now and then. */
export const wells: Target = { name: 'double well', potential: doubleWell({ barrier: 3, distance: 2.5 }), step: 0.05, stride: 0.3 }

/** The unnormalised density of a target at the middles of the cells of a grid over the square, row by row from below. */
export const densityOf = (place: Place, potential: Potential, cells: number): Float64Array => {
  const width = (2 * half) / cells
  const middles = Float64Array.from({ length: 2 * cells ** 2 }, (_, entry) => {
    const index = Math.floor(entry / 2)
    return ((entry % 2 === 0 ? index % cells : Math.floor(index / cells)) + 0.5) * width - half
  })
  const points = place.within(() => tensorFrom<Tensor2D>(middles, [cells ** 2, 2]))
  const values = potential.value(points)
  const density = Float64Array.from(values.dataSync(), (value) => Math.exp(-value))
  points.dispose()
  values.dispose()
  return density
}

const cells = 260

/** Independent draws of a target: cells of a fine grid by their mass, and a place in each at random. */
export const drawsOf = (place: Place, potential: Potential, count: number, key: Key): Cloud => {
  const width = (2 * half) / cells
  const jitter = uniform({ low: 0, high: width }, 2 * count)(fold(1)(key))
  const mass = densityOf(place, potential, cells)
  return Array.from(categorical(mass, count)(fold(0)(key)), (index, i) =>
    [index % cells, Math.floor(index / cells)].map((cell, axis) => cell * width - half + (jitter[2 * i + axis] ?? 0)),
  )
}
