import fc from 'fast-check'

/** A cloud of weighted points on the host; some weights are zero, some points coincide. */
export interface Cloud {
  readonly x: readonly (readonly number[])[]
  readonly a: readonly number[]
}

const coordinate = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.double({ min: -5, max: 5, noNaN: true, noDefaultInfinity: true }).map((value) => Math.round(value * 1e6) / 1e6),
)

const weight = fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 1, max: 1000 }).map((value) => value / 100))

/** Clouds of up to eight points in the given dimension, of total mass one. */
export const clouds = (dimension: number): fc.Arbitrary<Cloud> =>
  fc
    .array(fc.tuple(fc.array(coordinate, { minLength: dimension, maxLength: dimension }), weight), {
      minLength: 1,
      maxLength: 8,
    })
    .filter((entries) => entries.some(([, mass]) => mass > 0))
    .map((entries) => {
      const total = entries.reduce((sum, [, mass]) => sum + mass, 0)
      return { x: entries.map(([point]) => point), a: entries.map(([, mass]) => mass / total) }
    })

/** Two or three clouds of one dimension. */
export const several = <const N extends number>(count: N): fc.Arbitrary<readonly Cloud[]> =>
  fc.integer({ min: 1, max: 3 }).chain((d) => fc.array(clouds(d), { minLength: count, maxLength: count }))

/** The order of a Wasserstein distance. */
export const orders: fc.Arbitrary<number> = fc.constantFrom(1, 1.5, 2, 3)

/** Costs of all kinds: ties, negative, huge. */
export const costMatrices: fc.Arbitrary<readonly (readonly number[])[]> = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 8 }), fc.constantFrom(1, 1e-6, 1e12))
  .chain(([n, m, scale]) =>
    fc.array(
      fc.array(
        fc.oneof(fc.integer({ min: -3, max: 3 }), fc.double({ min: -9, max: 9, noNaN: true })).map((c) => c * scale),
        { minLength: m, maxLength: m },
      ),
      { minLength: n, maxLength: n },
    ),
  )
