import type { Backend } from '@monge/backend'
import { acceptanceSummary, adapted, draw, energyErrorSummary, mala, sgld, steinDiscrepancy, summary, underdamped } from '@monge/langevin'
import type { ChainState, CoordinateSummary, Draws, Sampler, StochasticPotential } from '@monge/langevin'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { fold, key, normal } from '@monge/random'
import { lower, probability } from './laplace.js'
import type { Laplace } from './laplace.js'
import type { Observations } from './irises.js'

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

/** How much is to be drawn. */
export interface Effort {
  readonly chains: number
  readonly draws: number
  readonly seed: number
}

/** How a sampler is run. */
interface Plan<State extends ChainState, Info> {
  readonly name: string
  readonly sampler: Sampler<State, Info>
  readonly thin: number
  /** The step that an iteration took, and its acceptance of each chain. */
  readonly look: (info: Info) => { readonly step: number; readonly acceptance?: ArrayLike<number> }
}

const startOf = (place: Backend, { mode, covariance }: Laplace, { chains, seed }: Effort) => {
  const d = mode.length
  const factor = lower(covariance)
  const white = normal(chains * d)(fold(1)(key(seed)))
  // Wider than the posterior, so that chains that agree have come from where they did not.
  const data = white.map((_, entry) => {
    const [chain, axis] = [Math.floor(entry / d), entry % d]
    const shift = (factor[axis] ?? []).reduce((sum, value, k) => sum + value * (white[chain * d + k] ?? 0), 0)
    return (mode[axis] ?? 0) + 1.5 * shift
  })
  return measureOrThrow(fromArrays({ data, shape: [chains, mode.length] }, undefined, place))
}

const every = (draws: Draws, count: number): Float64Array => {
  const rows = draws.draws * draws.chains
  const stride = Math.max(1, Math.floor(rows / count))
  const kept = Array.from({ length: Math.min(count, rows) }, (_, k) => draws.values.slice(k * stride * draws.dimension, (k * stride + 1) * draws.dimension))
  return Float64Array.from(kept.flatMap((row) => Array.from(row)))
}

const sample =
  (place: Backend, posterior: StochasticPotential, around: Laplace, effort: Effort) =>
  <State extends ChainState, Info>({ name, sampler, thin, look }: Plan<State, Info>): Told => {
    const started = performance.now()
    const start = startOf(place, around, effort)
    const burnIn = Math.ceil(effort.draws / 4) * thin
    const seen: { readonly step: number; readonly acceptance?: ArrayLike<number> }[] = []
    const draws = draw(sampler, fold(2)(key(effort.seed)), start, {
      steps: burnIn + effort.draws * thin,
      burnIn,
      thin,
      onProgress: ({ info }) => seen.push(look(info)),
    })
    disposeMeasure(start)
    const seconds = (performance.now() - started) / 1000
    const points = every(draws, 1000)
    // In the coordinates in which the posterior is about a standard Gaussian, one length suits all directions.
    const scales = around.covariance.map((row, axis) => Math.sqrt(row[axis] ?? 1))
    const cloud = measureOrThrow(fromArrays({ data: points, shape: [points.length / draws.dimension, draws.dimension] }, undefined, place))
    const slopes = place.within(() => {
      const gradient = posterior.gradient(cloud.points)
      const values = Float64Array.from(gradient.dataSync())
      gradient.dispose()
      return values
    })
    disposeMeasure(cloud)
    const scaled = (values: Float64Array, power: 1 | -1, sign: 1 | -1): Float64Array =>
      values.map((value, entry) => sign * value * (scales[entry % scales.length] ?? 1) ** power)
    const rows = seen.flatMap(({ acceptance }) => (acceptance === undefined ? [] : [Array.from(acceptance)]))
    const chains = Array.from({ length: rows[0]?.length ?? 0 }, (_, chain) => rows.map((row) => row[chain] ?? 0))
    return {
      name,
      draws,
      coefficients: summary()(draws),
      ...(chains.length === 0 ? {} : { acceptance: acceptanceSummary(chains).mean }),
      step: seen.at(-1)?.step ?? Number.NaN,
      discrepancy: steinDiscrepancy()({ points: scaled(points, -1, 1), scores: scaled(slopes, 1, -1), dimension: draws.dimension }),
      seconds,
    }
  }

/** The samplers' draws; the first is a long run, to compare with. */
export const sampleAll = (place: Backend, posterior: StochasticPotential, around: Laplace, effort: Effort): readonly Told[] => {
  const metropolis = (draws: number) =>
    adapted((step) => mala(posterior, { step, preconditioner: around.covariance }), {
      step: 0.3,
      target: 0.7,
      iterations: Math.max(1, Math.floor(draws / 4)),
    })
  const long = 10 * effort.draws
  const fast = Math.sqrt(Math.max(...around.covariance.map((row, axis) => row[axis] ?? 1)))
  const run = sample(place, posterior, around, effort)
  const adjusted = (name: string, draws: number): Told =>
    sample(place, posterior, around, { ...effort, draws, seed: effort.seed + (name === 'MALA' ? 0 : 1) })({
      name,
      sampler: metropolis(draws),
      thin: 1,
      look: ({ step, probability: acceptance }) => ({ step, acceptance }),
    })
  return [
    adjusted('long run', long),
    adjusted('MALA', effort.draws),
    run({
      name: 'underdamped',
      sampler: underdamped(posterior, { step: 0.25, friction: 1 / fast }),
      thin: 4,
      look: ({ energyError }) => ({ step: 0.25, acceptance: Array.from(energyError, (error) => energyErrorSummary()([[error]]).acceptance) }),
    }),
    run({
      name: 'SGLD',
      sampler: sgld(posterior, { step: 0.02, batch: 16, controlVariates: around.mode, preconditioner: around.covariance }),
      thin: 4,
      look: ({ step }) => ({ step }),
    }),
  ]
}

/** How well the mean of the draws' predictions tells the species of irises that were held out. */
export const predict = ({ values, dimension }: Draws, { features, labels }: Observations): { readonly accuracy: number; readonly logScore: number } => {
  const draws = Array.from({ length: Math.floor(values.length / dimension) }, (_, row) => Array.from(values.subarray(row * dimension, (row + 1) * dimension)))
  const chances = features.map((row) => draws.reduce((sum, coefficients) => sum + probability(coefficients, row) / draws.length, 0))
  const right = chances.map((chance, index) => (labels[index] === 1 ? chance : 1 - chance))
  const mean = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length
  return { accuracy: mean(right.map((chance) => (chance > 0.5 ? 1 : 0))), logScore: mean(right.map(Math.log)) }
}
