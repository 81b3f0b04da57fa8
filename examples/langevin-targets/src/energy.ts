import type { Place } from '@monge/backend'
import { adam, copyParams, cosineRate, disposeParams } from '@monge/generators'
import { contrastiveDivergence, energyPotential, perceptronEnergy, train } from '@monge/langevin'
import type { PerceptronEnergyParams, Potential } from '@monge/langevin'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import { fold, key } from '@monge/random'
import type { Cloud } from './targets.js'

/** An energy that was learned. */
export interface LearnedEnergy {
  readonly potential: Potential
  /** The mean energy of draws less that of the negatives, in each step. */
  readonly gaps: readonly number[]
  readonly dispose: () => void
}

/**
 * Learns the energy of a target from draws of it alone, by contrastive divergence: a network goes down where draws are,
 * and up where Langevin steps lead that follow the network.
 */
export const learnEnergy = (place: Place, draws: Cloud, steps: number, seed: number): LearnedEnergy => {
  const network = perceptronEnergy({ dimension: 2, width: 64, layers: 2, deviation: 3 })
  const data = measureOrThrow(fromArrays(draws, undefined, place))
  const training = contrastiveDivergence({
    network,
    place,
    optimiser: adam(cosineRate(3e-3, steps)),
    batch: 200,
    deviation: 3,
    renewal: 0.05,
    steps: 10,
    step: 0.1,
    averaging: 0.99,
  })(data)
  const gaps: number[] = []
  let params: PerceptronEnergyParams | undefined
  for (const { iteration, loss, average } of train(training, fold(30)(key(seed)), { steps })) {
    if (iteration > 0) gaps.push(loss)
    if (iteration === steps) params = copyParams(average)
  }
  disposeMeasure(data)
  if (params === undefined) throw new Error('the training ended before its end')
  const learned = params
  return { potential: energyPotential(network)(learned)(place), gaps, dispose: () => disposeParams(learned) }
}
