import fc from 'fast-check'
import type { Place } from '@monge/backend'
import { toArrays } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { memory } from '@tensorflow/tfjs-core'
import { pairArbitrary } from './arbitraries/cloud.js'
import type { CloudOptions, CloudPair } from './arbitraries/cloud.js'
import { permutationArbitrary, vectorArbitrary } from './arbitraries/maps.js'
import { largest, requireAllClose, requireAtLeast, requireThat, unitOf } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { contentsOf, freeAllBut, tensorsWithin } from './trees.js'
import { at, mapped, reordered, withMeasures } from './with-measures.js'

/** What the laws read of a flow's state; a `FlowState` of `@monge/flows` has all of it. */
export interface FlowStateLike {
  readonly iteration: number
  readonly time: number
  readonly measure: Measure
  /** The loss between measure and target. */
  readonly value: number
}

/** An iteration on measures as the laws see it; a `Flow` of `@monge/flows` is one. */
export interface FlowLike<State extends FlowStateLike> {
  init(mu: Measure, nu: Measure): State
  step(state: State): State
}

/** What a flow claims of itself, and on what it is tried. */
export interface FlowLawOptions {
  /** Where it runs; tfjs's current backend by default. */
  readonly place?: Place
  /** Whether no step raises the value, beyond rounding. True of a line search, false of long Euler steps. */
  readonly descends?: boolean
  /** Whether a measure that starts on its target stays there. */
  readonly restsAtTarget?: boolean
  /** Whether moving both measures moves the flow: true for losses that translations leave. */
  readonly translationInvariant?: boolean
  /** How many steps a law looks ahead; default 3. */
  readonly steps?: number
  /** Relative accuracy of points and values; by default 4096 units in the last place. */
  readonly accuracy?: number
  /** What it is tried on; by default all shapes but the clustered near the origin, masses 1, up to 5 points. */
  readonly clouds?: CloudOptions
}

/**
 * The laws of a flow of measures `{ init, step }`:
 *
 * - it starts where it is put, at iteration and time 0; iterations count up by one, time never runs back
 * - weights stay, points stay finite
 * - a state stepped twice has the same successor; a step neither changes nor frees the state that it is given
 * - points in another order flow in that order
 * - it leaves the caller's measures as they are, and no tensor behind but its states
 * - descends, restsAtTarget, translationInvariant: where it claims so
 */
export const flowLaws = <State extends FlowStateLike>(flow: FlowLike<State>, options: FlowLawOptions = {}): readonly Law[] => {
  const { place, steps = 3 } = options
  const pairs = pairArbitrary({
    maxPoints: 5,
    settings: ['near'],
    // Forces between points that all but coincide amplify rounding without bound.
    shapes: ['uniform', 'weighted', 'zero weights', 'duplicates', 'collinear', 'single'],
    ...options.clouds,
  })
  const accuracy = (): number => options.accuracy ?? 4096 * unitOf(place?.precision)
  /** Runs the flow, shows each state, and frees them all. */
  const follow = (pair: CloudPair, count: number, look: (state: State, measures: readonly Measure[]) => void): void => {
    at(place, () => {
      withMeasures([pair.mu, pair.nu], (measures) => {
        const [from, to] = measures as [Measure, Measure]
        let state = flow.init(from, to)
        for (let taken = 0; ; taken++) {
          look(state, measures)
          if (taken === count) break
          const next = flow.step(state)
          freeAllBut(next, [state])
          state = next
        }
        freeAllBut(undefined, [state])
      })
    })
  }
  const snapshots = (pair: CloudPair): readonly Snapshot[] => {
    const seen: Snapshot[] = []
    follow(pair, steps, ({ measure, value, time, iteration }) => {
      const { points, weights } = toArrays(measure)
      seen.push({ points: points.flat(), weights, value, time, iteration })
    })
    return seen
  }
  const size = (pair: CloudPair): number => Math.max(4 * pair.size, largest([...pair.mu.points, ...pair.nu.points].flat()))

  return [
    law('starts where it is put, and counts its steps', pairs, (pair) => {
      const states = snapshots(pair)
      const [first] = states
      const rounded = pair.mu.weights.map((weight) => (unitOf(place?.precision) < 1e-10 ? weight : Math.fround(weight)))
      requireAllClose('the points of the first state', first?.points ?? [], pair.mu.points.flat(), 0)
      requireAllClose('the weights of the first state', first?.weights ?? [], rounded, 0)
      requireThat(`the first state is at time ${first?.time}`, first?.time === 0)
      states.forEach(({ iteration }, index) => {
        requireThat(`state ${index} says that it is number ${iteration}`, iteration === index)
      })
    }),
    law('keeps weights, and keeps points finite', pairs, (pair) => {
      const states = snapshots(pair)
      states.forEach(({ points, weights, value }, index) => {
        requireAllClose(`the weights after ${index} steps`, weights, states[0]?.weights ?? [], 0)
        requireThat(`a point is not finite after ${index} steps`, points.every(Number.isFinite))
        requireThat(`the value is ${value} after ${index} steps`, Number.isFinite(value))
      })
    }),
    law('never runs back in time', pairs, (pair) => {
      snapshots(pair).reduce((before, { time }) => {
        requireAtLeast('the time of the next state', time, before, 0)
        return time
      }, 0)
    }),
    law('gives the same step from the same state, which it leaves as it is', pairs, (pair) => {
      follow(pair, 1, (state) => {
        const before = contentsOf(state)
        const [one, other] = [flow.step(state), flow.step(state)]
        requireThat('a step frees the state that it is given', tensorsWithin(state).every((tensor) => !tensor.isDisposed))
        requireThat('a step changes the state that it is given', contentsOf(state) === before)
        requireThat('two steps from one state differ', contentsOf(one) === contentsOf(other))
        freeAllBut(state, [one, other])
      })
    }),
    law(
      'moves points in whatever order they come',
      pairs.chain((pair) => fc.record({ pair: fc.constant(pair), order: permutationArbitrary(pair.mu.points.length) })),
      ({ pair, order }) => {
        const d = pair.dimension
        const there = snapshots({ ...pair, mu: reordered(pair.mu, order) })
        const here = snapshots(pair).map(({ points }) => order.flatMap((row) => points.slice(row * d, (row + 1) * d)))
        here.forEach((points, index) => {
          requireAllClose(`the points after ${index} steps`, there[index]?.points ?? [], points, accuracy() * size(pair))
        })
      },
    ),
    law('leaves the measures as they are, and no tensor behind', pairs, (pair) => {
      at(place, () => {
        const before = memory().numTensors
        let given = ''
        follow(pair, steps, (state, measures) => {
          const now = contentsOf(measures.map(toArrays))
          requireThat('the measures have changed', given === '' || now === given)
          given = now
          const shared = tensorsWithin(state).some((tensor) => measures.some((one) => tensor === one.points || tensor === one.weights))
          requireThat('a state holds a tensor of the caller’s', !shared)
        })
        const left = memory().numTensors - before
        requireThat(`${steps} steps leave ${left} tensors behind`, left === 0)
      })
    }),
    ...(options.descends === true
      ? [
          law('never raises the value', pairs, (pair) => {
            snapshots(pair).reduce((before, { value }) => {
              requireAtLeast('what a step wins', before - value, 0, accuracy() * Math.max(1, Math.abs(before)))
              return value
            }, Infinity)
          }),
        ]
      : []),
    ...(options.restsAtTarget === true
      ? [
          law('rests on its target', pairs, (pair) => {
            snapshots({ ...pair, nu: pair.mu }).forEach(({ points }, index) => {
              requireAllClose(`the points after ${index} steps`, points, pair.mu.points.flat(), accuracy() * size(pair))
            })
          }),
        ]
      : []),
    ...(options.translationInvariant === true
      ? [
          law(
            'moves with its measures',
            pairs.chain((pair) => fc.record({ pair: fc.constant(pair), vector: vectorArbitrary(pair.dimension) })),
            ({ pair, vector }) => {
              const shift = (axis: number): number => pair.size * (vector[axis] ?? 0)
              const move = (point: readonly number[]): readonly number[] => point.map((entry, axis) => entry + shift(axis))
              const there = snapshots({ ...pair, mu: mapped(pair.mu, move), nu: mapped(pair.nu, move) })
              snapshots(pair).forEach(({ points }, index) => {
                const expected = points.map((entry, place_) => entry + shift(place_ % pair.dimension))
                requireAllClose(`the points after ${index} steps`, there[index]?.points ?? [], expected, 4 * accuracy() * size(pair))
              })
            },
          ),
        ]
      : []),
  ]
}

interface Snapshot {
  readonly points: readonly number[]
  readonly weights: readonly number[]
  readonly value: number
  readonly time: number
  readonly iteration: number
}
