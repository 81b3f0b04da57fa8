import { monotoneMap, normalLaw, wasserstein1d, wassersteinLaws } from '@monge/exact'
import type { LawsDistance } from '@monge/exact'
import { key, normal } from '@monge/random'

/** A normal law on the line. */
export interface Normal {
  readonly mean: number
  readonly deviation: number
}

/** Its density at the places `at`. */
export const densityOf = ({ mean, deviation }: Normal, at: readonly number[]): readonly number[] =>
  at.map((x) => Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI)))

/** The geodesic between two normal laws, and particles that travel along it. */
export interface Path {
  /** The Brenier map `T = G⁻¹ ∘ F`. */
  readonly map: (x: number) => number
  /** Where particles are at time t of [0, 1]: `(1 - t) x + t T(x)`. */
  readonly at: (t: number) => readonly number[]
  /** The law at time t. */
  readonly lawAt: (t: number) => Normal
  /** The exact W2 from the particles at time 0 to those at time t. */
  readonly gone: (t: number) => number
  /** W2 between the laws. */
  readonly exact: LawsDistance
}

export const pathOf = (from: Normal, to: Normal, points: number, seed: number): Path => {
  const [source, target] = [normalLaw(from.mean, from.deviation), normalLaw(to.mean, to.deviation)]
  const map = monotoneMap(source, target)
  const start = Array.from(normal(points)(key(seed)), (z) => from.mean + from.deviation * z)
  const end = start.map(map)
  const at = (t: number): readonly number[] => start.map((x, i) => (1 - t) * x + t * (end[i] ?? x))
  return {
    map,
    at,
    lawAt: (t) => ({
      mean: (1 - t) * from.mean + t * to.mean,
      deviation: (1 - t) * from.deviation + t * to.deviation,
    }),
    gone: (t) => wasserstein1d({ x: start, y: at(t), p: 2 }).distance,
    exact: wassersteinLaws({ from: source, to: target, p: 2 }),
  }
}

// Deviations on either side of a law that pictures show.
const reach = 3.6

/** Places from the left end of both laws to the right end, at equal distances. */
export const gridOf = (from: Normal, to: Normal): readonly number[] => {
  const low = Math.min(from.mean - reach * from.deviation, to.mean - reach * to.deviation)
  const high = Math.max(from.mean + reach * from.deviation, to.mean + reach * to.deviation)
  return Array.from({ length: 241 }, (_, k) => low + ((high - low) * k) / 240)
}

/** Those of the places that the law has a share of. */
export const within = ({ mean, deviation }: Normal, places: readonly number[]): readonly number[] =>
  places.filter((x) => Math.abs(x - mean) <= reach * deviation)
