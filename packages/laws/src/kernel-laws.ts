import fc from 'fast-check'
import { matrix } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import { cloudArbitrary, pairArbitrary } from './arbitraries/cloud.js'
import type { Cloud, CloudOptions } from './arbitraries/cloud.js'
import { vectorArbitrary } from './arbitraries/maps.js'
import { largest, requireAllClose, requireAtLeast, requireThat, total, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { entriesOf, mapped } from './with-measures.js'

/** What a kernel is tried on, and what it claims beyond its own record. */
export interface KernelLawOptions {
  /** `k(x + t, y + t) = k(x, y)` */
  readonly translationInvariant?: boolean
  /** By default of all shapes, near the origin. */
  readonly clouds?: CloudOptions
}

/**
 * The laws of a kernel: its values are finite; `k(x, y) = k(y, x)`; `sum_ij v_i v_j k(x_i, x_j) >= 0` for any v where it
 * says it is positive, and for v of sum zero where it says it is conditionally so.
 *
 * Values are taken at tfjs's current backend.
 */
export const kernelLaws = (kernel: Kernel, options: KernelLawOptions = {}): readonly Law[] => {
  const clouds: CloudOptions = { settings: ['near'], ...options.clouds }
  const pairs = pairArbitrary(clouds)
  const value = entriesOf(matrix(kernel))
  const signed = cloudArbitrary({ ...clouds, mass: 'one' }).chain((cloud) =>
    fc.record({ cloud: fc.constant(cloud), v: fc.array(fc.integer({ min: -8, max: 8 }), exactly(cloud.points.length)) }),
  )
  const form = (cloud: Cloud, v: readonly number[]): void => {
    const gram = value(cloud, cloud)
    const n = v.length
    const terms = gram.map((entry, index) => entry * (v[Math.floor(index / n)] ?? 0) * (v[index % n] ?? 0))
    requireAtLeast('the quadratic form', total(terms), 0, 64 * unitOf() * total(terms.map(Math.abs)))
  }

  return [
    law('is finite', pairs, ({ mu, nu }) => {
      requireThat('a value of the kernel is not finite', value(mu, nu).every(Number.isFinite))
    }),
    law('is symmetric', pairs, ({ mu, nu }) => {
      const [there, back] = [value(mu, nu), value(nu, mu)]
      const [n, m] = [mu.points.length, nu.points.length]
      const transposed = there.map((_, index) => back[(index % m) * n + Math.floor(index / m)] ?? NaN)
      requireAllClose('k(y, x)', transposed, there, 16 * unitOf() * largest(there))
    }),
    ...(kernel.definiteness === 'positive'
      ? [law('is positive', signed, ({ cloud, v }) => {
            form(cloud, v)
          })]
      : []),
    ...(kernel.definiteness === 'conditional'
      ? [law('is positive on measures of mass zero', signed, ({ cloud, v }) => {
            form(cloud, v.map((entry, index) => (index === 0 ? entry - total(v) : entry)))
          })]
      : []),
    ...(options.translationInvariant === true
      ? [
          law(
            'is invariant under translations',
            pairs.chain((pair) => fc.record({ pair: fc.constant(pair), vector: vectorArbitrary(pair.dimension) })),
            ({ pair: { mu, nu, size }, vector }) => {
              const move = (cloud: Cloud): Cloud =>
                mapped(cloud, (point) => point.map((entry, axis) => entry + size * (vector[axis] ?? 0)))
              const here = value(mu, nu)
              requireAllClose('k(x + t, y + t)', value(move(mu), move(nu)), here, 64 * unitOf() * largest(here))
            },
          ),
        ]
      : []),
  ]
}

const exactly = (length: number): { readonly minLength: number; readonly maxLength: number } => ({
  minLength: length,
  maxLength: length,
})
