import { constant, tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { mongeError, requireBetween, requireInteger, requireKnownKeys, requireNonNegative, requireOneOf, requirePositive } from '@monge/errors'
import type { Optimiser, Params } from '@monge/generators'
import { toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { bernoulli, categorical, fold, normal, split } from '@monge/random'
import type { Key } from '@monge/random'
import { add, clone, mean, mul, square, sub, tidy } from '@tensorflow/tfjs-core'
import type { Scalar, Tensor2D } from '@tensorflow/tfjs-core'
import { fromFunction } from '../potentials/from-function.js'
import type { Potential } from '../potential.js'
import { descent } from './descent.js'
import type { Descent, Objective } from './descent.js'
import { moved, normalLike, requireFinitePoints } from './diffusion.js'
import type { EnergyNetwork } from './network.js'
import type { Training } from './training.js'

/** Choices of `contrastiveDivergence`. */
export interface ContrastiveOptions<P extends Params> {
  readonly network: EnergyNetwork<P>
  readonly place: Place
  readonly optimiser: Optimiser
  /** How many samples, and how many negatives, a step sees; 128 by default. */
  readonly batch?: number
  /** Where negatives begin: `chains` that go on from step to step (the default), or the `data` of the step. */
  readonly from?: 'chains' | 'data'
  /** How many batches of chains there are, taken in turn; 1 by default. */
  readonly buffers?: number
  /** The chance that a chain begins anew from noise, 0.05 by default. */
  readonly renewal?: number
  /** The standard deviation of the noise that chains begin with, 1 by default. */
  readonly deviation?: number
  /** Langevin steps of the negatives, 10 by default. */
  readonly steps?: number
  /** The step η of `x - η ∇V + noise ξ`, 0.01 by default. */
  readonly step?: number
  /** The noise of a Langevin step; by default what η calls for, `sqrt(2η)`. Less samples a colder distribution. */
  readonly noise?: number
  /** The noise that is added to the data, 0 by default. */
  readonly blur?: number
  /** The factor of the mean square energies, which keeps them near zero; 0.001 by default. */
  readonly penalty?: number
  /** How much the average of parameters keeps in a step, 0.999 by default. */
  readonly averaging?: number
}

/** Where contrastive divergence is. `loss` is the mean energy of the data less that of the negatives. */
export interface ContrastiveTraining<P extends Params = Params> extends Descent<P> {
  /** The negatives, `[batch, d]` each. */
  readonly chains: readonly Tensor2D[]
}

/** The energy of a network with these parameters, which stay the caller's, as a potential to sample. */
export const energyPotential =
  <P extends Params>(network: EnergyNetwork<P>) =>
  (params: P): ((place: Place) => Potential) =>
    fromFunction({ name: 'energy', dimension: network.dimension, value: (points) => network.apply(params, points) })

const optionNames = ['network', 'place', 'optimiser', 'batch', 'from', 'buffers', 'renewal', 'deviation', 'steps', 'step']
const moreNames = ['noise', 'blur', 'penalty', 'averaging']

/**
 * Contrastive divergence: steps go down the mean energy of data less that of negatives, which Langevin steps under the
 * energy itself make: of the data (Hinton, Training products of experts by minimizing contrastive divergence, 2002), or
 * of chains that persist (Tieleman 2008), begun anew now and then from noise (Du and Mordatch, Implicit generation and
 * modeling with energy-based models, 2019, whose penalty on square energies this has too). The gradient of the data's
 * log-likelihood, if the negatives were samples of the model.
 *
 * @throws InvalidOption; DimensionMismatch; Diverged where the loss or a chain leaves the numbers
 */
export const contrastiveDivergence = <P extends Params>(
  options: ContrastiveOptions<P>,
): ((data: Measure) => Training<ContrastiveTraining<P>>) => {
  const where = 'contrastiveDivergence'
  requireKnownKeys([...optionNames, ...moreNames])(where, options)
  const { network, place, optimiser } = options
  const batch = requireInteger(1)(`${where}: batch`, options.batch ?? 128)
  const from = requireOneOf(['chains', 'data'])(`${where}: from`, options.from ?? 'chains')
  const buffers = requireInteger(1)(`${where}: buffers`, options.buffers ?? 1)
  const renewal = requireBetween(0, 1)(`${where}: renewal`, options.renewal ?? 0.05)
  const deviation = requirePositive(`${where}: deviation`, options.deviation ?? 1)
  const steps = requireInteger(1)(`${where}: steps`, options.steps ?? 10)
  const step = requirePositive(`${where}: step`, options.step ?? 0.01)
  const noise = requireNonNegative(`${where}: noise`, options.noise ?? Math.sqrt(2 * step))
  const blur = requireNonNegative(`${where}: blur`, options.blur ?? 0)
  const penalty = requireNonNegative(`${where}: penalty`, options.penalty ?? 0.001)
  const averaging = requireBetween(0, 1)(`${where}: averaging`, options.averaging ?? 0.999)
  const d = network.dimension

  return (data) => {
    const { points, weights, d: got } = toTyped(data)
    if (got !== d) throw mongeError('DimensionMismatch', where, `expected data of dimension ${d}, got ${got}`)

    const positives = (key: Key): Tensor2D => {
      const [forSamples = key, forBlur = key] = split(2)(key)
      const samples = categorical(weights, batch)(forSamples)
      const shift = blur === 0 ? new Float64Array(batch * d) : normal(batch * d)(forBlur)
      const rows = shift.map((xi, entry) => (points[(samples[Math.floor(entry / d)] ?? 0) * d + (entry % d)] ?? 0) + blur * xi)
      return tensorFrom(rows, [batch, d])
    }

    const renewed = (chains: Tensor2D, key: Key): Tensor2D => {
      const [forChoice = key, forNoise = key] = split(2)(key)
      const anew = bernoulli(renewal, batch)(forChoice)
      if (!anew.includes(1)) return chains
      const fresh = normal(batch * d)(forNoise)
      const kept = chains.dataSync<'float32'>()
      return tensorFrom(
        fresh.map((xi, entry) => (anew[Math.floor(entry / d)] === 1 ? deviation * xi : (kept[entry] ?? 0))),
        [batch, d],
      )
    }

    const negatives = (params: P, start: Tensor2D, key: Key): Tensor2D => {
      const potential = energyPotential(network)(params)(place)
      return tidy(() =>
        clone(
          Array.from({ length: steps }).reduce<Tensor2D>(
            (x, _, index) => moved(x, [-step, potential.gradient(x)], [noise, normalLike(x, fold(index)(key))]),
            start,
          ),
        ),
      )
    }

    /** Goes down the energy of the data less that of the negatives, which it tells of. */
    const contrast = (real: Tensor2D, made: Tensor2D): Objective<P> => {
      const gaps: number[] = []
      return {
        of: (params) => {
          const [low, high] = [network.apply(params, real), network.apply(params, made)]
          const gap: Scalar = sub(mean(low), mean(high))
          gaps.push(gap.dataSync()[0] ?? Number.NaN)
          return add(gap, mul(add(mean(square(low)), mean(square(high))), constant(penalty)))
        },
        told: () => gaps[0] ?? Number.NaN,
      }
    }

    const descending = descent({ where, place, optimiser, averaging })
    return {
      init: (key) =>
        place.within(() => {
          const [forParams = key, ...forChains] = split(1 + buffers)(fold(-1)(key))
          const chains = forChains.map((own) =>
            tensorFrom<Tensor2D>(normal(batch * d)(own).map((value) => deviation * value), [batch, d]),
          )
          return { ...descending.init(key, network.init(forParams)), chains }
        }),
      step: (state) =>
        place.within(() => {
          const { iteration, params, chains } = state
          const [forData = state.key, forStart = state.key, forSteps = state.key] = split(3)(fold(iteration)(state.key))
          const real = positives(forData)
          const turn = iteration % buffers
          const start = from === 'data' ? real : (chains[turn] as Tensor2D)
          const begun = from === 'data' ? real : renewed(start, forStart)
          const made = negatives(params, begun, forSteps)
          if (begun !== start) begun.dispose()
          try {
            requireFinitePoints(where, iteration + 1, made)
            const next = descending.step(state, () => contrast(real, made))
            return { ...next, chains: chains.map((block, index) => (index === turn ? made : block)) }
          } catch (error) {
            made.dispose()
            throw error
          } finally {
            real.dispose()
          }
        }),
    }
  }
}
