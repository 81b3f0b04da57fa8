import type { Place } from '@monge/backend'
import { banana, gaussianMixture, ring } from '@monge/langevin'
import type { Potential } from '@monge/langevin'
import { categorical, fold, uniform } from '@monge/random'
import type { Key } from '@monge/random'
import { tensorFrom } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'

export type Cloud = readonly (readonly number[])[]

/** A target, and the lengths of steps that suit it. */
export interface Target {
  readonly name: string
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

/** Half the side of the square that all is drawn in. */
export const half = 6.5

const cells = 260

/** Independent draws of a target: cells of a fine grid by their mass, and a place in each at random. */
export const drawsOf = (place: Place, potential: Potential, count: number, key: Key): Cloud => {
  const width = (2 * half) / cells
  const corner = (index: number): readonly [number, number] => [
    (index % cells) * width - half,
    Math.floor(index / cells) * width - half,
  ]
  const points = place.within(() =>
    tensorFrom<Tensor2D>(
      Array.from({ length: cells ** 2 }, (_, index) => corner(index).map((x) => x + width / 2)).flat(),
      [cells ** 2, 2],
    ),
  )
  const values = potential.value(points)
  const mass = Float64Array.from(values.dataSync(), (value) => Math.exp(-value))
  points.dispose()
  values.dispose()
  const jitter = uniform({ low: 0, high: width }, 2 * count)(fold(1)(key))
  return Array.from(categorical(mass, count)(fold(0)(key)), (index, i) =>
    corner(index).map((x, axis) => x + (jitter[2 * i + axis] ?? 0)),
  )
}
