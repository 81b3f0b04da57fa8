import fc from 'fast-check'
import type { Place } from '@monge/backend'
import { disposeMeasure, measureOrThrow, uniform } from '@monge/measures'
import type { Measure } from '@monge/measures'
import type { Key } from '@monge/random'
import { memory } from '@tensorflow/tfjs-core'
import { keyArbitrary } from './arbitraries/vocabulary.js'
import { vectorArbitrary } from './arbitraries/maps.js'
import { requireClose, requireThat } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { contentsOf, freeAllBut, tensorsWithin } from './trees.js'

/** What the laws read of a sampler's state: where its chains stand. */
export interface SamplerStateLike {
  readonly measure: Measure
}

/** A Markov chain as the laws see it; a `Sampler` of `@monge/langevin` is one. */
export interface SamplerLike<State extends SamplerStateLike> {
  /** @param start a point for each of the chains that run side by side */
  init(key: Key, start: Measure): State
  step(state: State): { readonly state: State; readonly info: unknown }
}

/** Mean and covariance of the law that a sampler draws from, and how many draws are to show them. */
export interface StationaryClaim {
  /** `[d]` */
  readonly mean: readonly number[]
  /** The variance of each coordinate, `[d]` */
  readonly variance: readonly number[]
  /** Chains, and steps that each takes before its place is read. */
  readonly chains: number
  readonly steps: number
  /** What the sampler's own discretisation adds to the error of a moment, in units of the deviation; default 0. */
  readonly bias?: number
}

/** What is known of a sampler. */
export interface SamplerLawOptions {
  /** Where it runs; tfjs's current backend by default. */
  readonly place?: Place
  readonly dimension: number
  /** The most chains side by side; default 4. */
  readonly maxChains?: number
  /** How many steps a law looks ahead; default 3. */
  readonly steps?: number
  /** Whether a chain may rest where it is (as a Metropolis chain does); default true. */
  readonly mayRest?: boolean
  /** Moments of the law that it converges to, tried once for each run. */
  readonly stationary?: StationaryClaim
}

/**
 * The laws of a sampler `{ init, step }`:
 *
 * - its chains start where they are put, keep their number and dimension, and stay finite
 * - it is a function of its key and its state: the same key gives the same chains, a state stepped twice the same
 *   successor; another key gives other chains
 * - a step neither changes nor frees the state that it is given, and leaves behind no tensor but its result
 * - stationary: after the given steps, mean and variance over all chains are those of the target, within five standard
 *   errors (for independent chains; the variance's by the normal law's fourth moment) and the stated bias
 *
 * A state's tensors belong to the state: they are found wherever they stand in it.
 */
export const samplerLaws = <State extends SamplerStateLike>(
  sampler: SamplerLike<State>,
  options: SamplerLawOptions,
): readonly Law[] => {
  const { place, dimension, maxChains = 4, steps = 3, stationary } = options
  const starts = fc.record({
    key: keyArbitrary(),
    start: fc.array(vectorArbitrary(dimension), { minLength: 1, maxLength: maxChains }),
  })
  const here = <A>(body: () => A): A => (place === undefined ? body() : place.within(body))
  /** Runs the chain, shows each of its states, and frees them all. */
  const chain = (key: Key, start: readonly (readonly number[])[], count: number, look: (state: State, at: number) => void): void => {
    here(() => {
      const given = measureOrThrow(uniform(start))
      let state = sampler.init(key, given)
      for (let at = 0; ; at++) {
        look(state, at)
        if (at === count) break
        const { state: next, info } = sampler.step(state)
        freeAllBut(next, [state, info])
        state = next
      }
      freeAllBut(undefined, [state])
      disposeMeasure(given)
    })
  }
  const placesOf = (key: Key, start: readonly (readonly number[])[]): readonly (readonly number[])[] => {
    const places: number[][] = []
    chain(key, start, steps, (state) => {
      places.push(Array.from(state.measure.points.dataSync()))
    })
    return places
  }

  return [
    law('starts where it is put', starts, ({ key, start }) => {
      requireThat('the first state is elsewhere', sameNumbers(placesOf(key, start)[0] ?? [], start.flat().map(Math.fround)))
    }),
    law('keeps its chains, and keeps them finite', starts, ({ key, start }) => {
      chain(key, start, steps, (state, at) => {
        const tensor = state.measure.points
        requireThat(
          `after ${at} steps the points are of shape [${tensor.shape.join()}], expected [${start.length}, ${dimension}]`,
          tensor.shape[0] === start.length && tensor.shape[1] === dimension,
        )
        requireThat(`after ${at} steps a point is not finite`, tensor.dataSync().every(Number.isFinite))
      })
    }),
    law('gives the same chains for the same key', starts, ({ key, start }) => {
      const [one, other] = [start, start].map((from) => contentsOf(placesOf(key, from)))
      requireThat('two runs differ', one === other)
    }),
    law('gives other chains for another key', fc.record({ keys: fc.tuple(keyArbitrary(), keyArbitrary()), start: vectorArbitrary(dimension) }), ({ keys: [one, other], start }) => {
      if (contentsOf(one) === contentsOf(other)) return
      // Enough chains that not all of them can rest at once.
      const many = Array.from({ length: 16 }, () => start)
      const [first, second] = [placesOf(one, many), placesOf(other, many)]
      const moved = contentsOf(first[0]) !== contentsOf(first.at(-1))
      requireThat('two keys give the same chains', contentsOf(first) !== contentsOf(second) || (options.mayRest !== false && !moved))
    }),
    law('draws anew in each step and for each chain', fc.record({ key: keyArbitrary(), start: vectorArbitrary(dimension) }), ({ key, start }) => {
      const many = Array.from({ length: 16 }, () => start)
      const last = placesOf(key, many).at(-1) ?? []
      const rows = new Set(many.map((_, row) => last.slice(row * dimension, (row + 1) * dimension).join()))
      const moved = rows.size > 1 || !rows.has(start.join())
      requireThat('chains from one place all stay together', rows.size > 1 || (options.mayRest !== false && !moved))
    }),
    law('gives the same step from the same state, which it leaves as it is', starts, ({ key, start }) => {
      chain(key, start, 1, (state) => {
        const before = contentsOf(state)
        const [one, other] = [sampler.step(state), sampler.step(state)]
        requireThat('a step frees the state that it is given', tensorsWithin(state).every((tensor) => !tensor.isDisposed))
        requireThat('a step changes the state that it is given', contentsOf(state) === before)
        requireThat('two steps from one state differ', contentsOf(one) === contentsOf(other))
        freeAllBut(state, [one, other])
      })
    }),
    law('leaves no tensor behind', starts, ({ key, start }) => {
      const before = memory().numTensors
      chain(key, start, steps, () => undefined)
      const left = memory().numTensors - before
      requireThat(`${steps} steps leave ${left} tensors behind`, left === 0)
    }),
    ...(stationary === undefined
      ? []
      : [
          law('has the moments of its target', keyArbitrary(), (key) => {
            const { mean, variance, chains, steps: burn, bias = 0 } = stationary
            let found: readonly number[] = []
            chain(key, Array.from({ length: chains }, () => mean), burn, (state, at) => {
              if (at === burn) found = Array.from(state.measure.points.dataSync())
            })
            for (const [axis, expected] of mean.entries()) {
              const values = found.filter((_, index) => index % dimension === axis)
              const average = values.reduce((sum, value) => sum + value, 0) / chains
              const spread = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / (chains - 1)
              const target = variance[axis] ?? NaN
              const deviation = Math.sqrt(target)
              requireClose(`the mean of coordinate ${axis}`, average, expected, (5 / Math.sqrt(chains) + bias) * deviation)
              requireClose(`the variance of coordinate ${axis}`, spread, target, (5 * Math.sqrt(2 / chains) + bias) * target)
            }
          }),
        ]),
  ]
}

const sameNumbers = (found: readonly number[], expected: readonly number[]): boolean =>
  found.length === expected.length && found.every((value, index) => value === expected[index])
