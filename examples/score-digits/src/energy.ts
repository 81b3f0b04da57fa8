import type { Backend } from '@monge/backend'
import { adam, copyParams, cosineRate, disposeParams } from '@monge/generators'
import { contrastiveDivergence, energyPotential, gaussianNoise, perceptronEnergy, run, train, ula } from '@monge/langevin'
import type { PerceptronEnergyParams } from '@monge/langevin'
import { disposeMeasure, fromArrays, measureOrThrow, toTyped } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold, key } from '@monge/random'
import type { Pictures } from '@monge-tooling/handwriting'
import { codeOf, directionsOf, pictureOf } from './directions.js'
import type { Samples } from './samples.js'

/** How many principal directions the energy sees. */
export const seen = 32

/** Langevin steps from noise to a sample, and their length. */
const [walk, step] = [400, 0.05]

/** What came of an energy: where its chains begin, and where they end. */
export interface LearnedEnergy {
  /** The Gaussian that the energy begins as, of the pictures' own mean and covariance in those directions. */
  readonly gaussian: Samples
  readonly energy: Samples
  readonly seconds: number
}

/**
 * Trains the energy of a network by contrastive divergence on the principal directions of pictures, with chains that
 * persist (Tieleman 2008; Du and Mordatch 2019), and samples it by Langevin steps. `tell` hears of it now and then.
 */
export const learnEnergy = (
  backend: Backend,
  pictures: Pictures,
  { steps, count, seed }: { readonly steps: number; readonly count: number; readonly seed: number },
  tell: (step: number, loss: number) => void,
): LearnedEnergy => {
  const directions = directionsOf(pictures, seen)
  const data = measureOrThrow(fromArrays(pictures.map(codeOf(directions)), undefined, backend))
  const network = perceptronEnergy({ dimension: seen, width: 128 })
  const training = contrastiveDivergence<PerceptronEnergyParams>({
    network,
    place: backend,
    optimiser: adam(cosineRate(1e-3, steps)),
    batch: 128,
    steps: 10,
    step,
    blur: 0.1,
    averaging: 0.99,
  })(data)
  const started = performance.now()
  const losses: number[] = []
  let params: PerceptronEnergyParams | undefined
  for (const state of train(training, fold(3)(key(seed)), { steps })) {
    if (state.iteration > 0) losses.push(state.loss)
    if (state.iteration % 250 === 0 && state.iteration > 0)
      tell(state.iteration, losses.slice(-250).reduce((sum, loss) => sum + loss, 0) / 250)
    if (state.iteration === steps) params = copyParams(state.average)
  }
  disposeMeasure(data)
  if (params === undefined) throw new Error('the training ended before its end')
  const seconds = (performance.now() - started) / 1000

  const picturesOf = (mu: Measure): Pictures => {
    const { points, n, d } = toTyped(mu)
    return Array.from({ length: n }, (_, row) => pictureOf(directions)(points.slice(row * d, (row + 1) * d)))
  }
  const begun = performance.now()
  const sampler = ula(energyPotential(network)(params)(backend), { step })
  const start = gaussianNoise(count, seen, 1)(backend)(fold(4)(key(seed)))
  const first = picturesOf(start)
  const ends = Array.from(run(sampler, fold(5)(key(seed)), start, { steps: walk, burnIn: walk - 1 }), ({ state }) =>
    picturesOf(state.measure),
  )
  disposeMeasure(start)
  disposeParams(params)
  const samples = (name: string, made: Pictures, evaluations: number): Samples => ({
    name,
    pictures: made,
    moments: [],
    evaluations,
    seconds: evaluations === 0 ? 0 : (performance.now() - begun) / 1000,
  })
  return {
    gaussian: samples('Gaussian of the data', first, 0),
    energy: samples('energy of a network', ends[0] ?? [], walk),
    seconds,
  }
}
