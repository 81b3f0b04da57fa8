import type { Backend } from '@monge/backend'
import { acceptanceSummary, draw, steinDiscrepancy, summary } from '@monge/langevin'
import type { CoordinateSummary, Draws, StochasticPotential } from '@monge/langevin'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { probability } from './laplace.js'
import type { Laplace } from './laplace.js'
import type { Observations } from './irises.js'
import { chanceOf, plans, startOf } from './plans.js'
import type { Effort, Look, SamplerName } from './plans.js'

/** What one sampler has to say. */
export interface Told {
  readonly name: string
  readonly draws: Draws
  readonly coefficients: readonly CoordinateSummary[]
  /** Of Metropolis's rule, made or, by the energy error, to be made. */
  readonly acceptance?: number
  readonly step: number
  readonly discrepancy: number
  readonly seconds: number
}

/** The mean acceptance over steps and chains, where there is one. */
export const acceptanceOf = (seen: readonly Look[]): { readonly acceptance?: number } => {
  const rows = seen.flatMap(({ acceptance }) => (acceptance === undefined ? [] : [Array.from(acceptance)]))
  const chains = Array.from({ length: rows[0]?.length ?? 0 }, (_, chain) => rows.map((row) => row[chain] ?? 0))
  return chains.length === 0 ? {} : { acceptance: acceptanceSummary(chains).mean }
}

const every = ({ values, draws, chains, dimension }: Draws, count: number): Float64Array => {
  const rows = draws * chains
  const stride = Math.max(1, Math.floor(rows / count))
  const kept = Array.from({ length: Math.min(count, rows) }, (_, k) => values.slice(k * stride * dimension, (k * stride + 1) * dimension))
  return Float64Array.from(kept.flatMap((row) => Array.from(row)))
}

/** The kernel Stein discrepancy of so many of the draws from the posterior, in units of Laplace's deviations. */
export const discrepancyOf = (
  place: Backend,
  posterior: StochasticPotential,
  around: Laplace,
  draws: Draws,
  count = 1000,
): number => {
  const { dimension } = draws
  const points = every(draws, count)
  // In the coordinates in which the posterior is about a standard Gaussian, one length suits all directions.
  const scales = around.covariance.map((row, axis) => Math.sqrt(row[axis] ?? 1))
  const cloud = measureOrThrow(fromArrays({ data: points, shape: [points.length / dimension, dimension] }, undefined, place))
  const slopes = place.within(() => {
    const gradient = posterior.gradient(cloud.points)
    const values = Float64Array.from(gradient.dataSync())
    gradient.dispose()
    return values
  })
  disposeMeasure(cloud)
  const scaled = (values: Float64Array, power: 1 | -1, sign: 1 | -1): Float64Array =>
    values.map((value, entry) => sign * value * (scales[entry % scales.length] ?? 1) ** power)
  return steinDiscrepancy()({ points: scaled(points, -1, 1), scores: scaled(slopes, 1, -1), dimension })
}

const sample = (
  place: Backend,
  posterior: StochasticPotential,
  around: Laplace,
  effort: Effort,
  sampler: SamplerName,
  name: string = sampler,
): Told => {
  const started = performance.now()
  const plan = plans(posterior, around, effort.draws)[sampler]()
  const start = startOf(place, around, effort)
  const seen: Look[] = []
  const draws = draw(plan.sampler, chanceOf(effort), start, {
    steps: plan.burnIn + effort.draws * plan.thin,
    burnIn: plan.burnIn,
    thin: plan.thin,
    onProgress: ({ info }) => seen.push(plan.look(info)),
  })
  disposeMeasure(start)
  const seconds = (performance.now() - started) / 1000
  return {
    name,
    draws,
    coefficients: summary()(draws),
    ...acceptanceOf(seen),
    step: seen.at(-1)?.step ?? Number.NaN,
    discrepancy: discrepancyOf(place, posterior, around, draws),
    seconds,
  }
}

/** The samplers' draws; the first is a long run, to compare with. */
export const sampleAll = (place: Backend, posterior: StochasticPotential, around: Laplace, effort: Effort): readonly Told[] => {
  const long = { ...effort, draws: 10 * effort.draws, seed: effort.seed + 1 }
  const told = (name: SamplerName): Told => sample(place, posterior, around, effort, name)
  return [sample(place, posterior, around, long, 'MALA', 'long run'), told('MALA'), told('underdamped'), told('SGLD')]
}

/** How well the mean of the draws' predictions tells the species of irises that were held out. */
export const predict = ({ values, dimension }: Draws, { features, labels }: Observations): { readonly accuracy: number; readonly logScore: number } => {
  const draws = Array.from({ length: Math.floor(values.length / dimension) }, (_, row) => Array.from(values.subarray(row * dimension, (row + 1) * dimension)))
  const chances = features.map((row) => draws.reduce((sum, coefficients) => sum + probability(coefficients, row) / draws.length, 0))
  const right = chances.map((chance, index) => (labels[index] === 1 ? chance : 1 - chance))
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  return { accuracy: mean(right.map((chance) => (chance > 0.5 ? 1 : 0))), logScore: mean(right.map(Math.log)) }
}
