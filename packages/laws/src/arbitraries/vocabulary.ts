import fc from 'fast-check'
import { euclidean, halfSquaredEuclidean, lp, power, squaredEuclidean } from '@monge/costs'
import { energy, exponential, gaussian, inverseMultiquadric, laplacian, smoothedEnergy, smoothedLaplacian } from '@monge/kernels'
import { key } from '@monge/random'
import type { Cost } from '@monge/costs'
import type { Kernel } from '@monge/kernels'
import type { Key } from '@monge/random'
import { positiveArbitrary } from './maps.js'
import { simplestOf } from './simplifying.js'

/** Random keys. */
export const keyArbitrary = (): fc.Arbitrary<Key> => fc.nat().map(key)

/** Ground costs: half squared Euclidean, squared, Euclidean, other powers and other norms. They shrink towards the first. */
export const costArbitrary = (): fc.Arbitrary<Cost> => simplestOf(costs)

const costs: readonly Cost[] = [halfSquaredEuclidean, squaredEuclidean, euclidean, power(3), power(1.5), power(0.5), lp(1), lp(3)]

/** Kernels of all built-in kinds, of widths within a factor of 8 of the given unit of length. They shrink towards a Gaussian of it. */
export const kernelArbitrary = (size = 1): fc.Arbitrary<Kernel> =>
  fc
    .record({
      kind: simplestOf([
        gaussian,
        laplacian,
        () => energy(),
        () => energy(1.5),
        (width: number) => exponential(width, 1.5),
        inverseMultiquadric,
        smoothedEnergy,
        (width: number) => smoothedLaplacian(width, size),
      ]),
      width: positiveArbitrary(-3, 3),
    })
    .map(({ kind, width }) => kind(size * width))
