import { adam, cosineRate, fit, multilayerPerceptron, run, twoSampleReport } from '@monge/generators'
import type { Generator, PerceptronParams, TwoSampleReport } from '@monge/generators'
import { disposeMeasure, toArrays } from '@monge/measures'
import { key, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Backend } from '@monge/backend'
import { measureOf, spiral } from './data.js'
import type { Cloud } from './data.js'
import { lossesOf } from './losses.js'
import type { Name } from './losses.js'

/** What to train. */
export interface Training {
  readonly name: Name
  readonly steps: number
  readonly batch: number
  readonly seed: number
  readonly backend: Backend
}

/** What came of it. */
export interface Run {
  readonly losses: readonly number[]
  readonly snapshots: readonly { readonly step: number; readonly points: Cloud }[]
  readonly heldOut: Cloud
  /** Fresh samples and held-out data compared, before training and after it. */
  readonly before: TwoSampleReport
  readonly after: TwoSampleReport
  readonly milliseconds: number
}

const count = 300

/** Fits a network 2-64-64-2 to a spiral by one of the losses. */
export const train = ({ name, steps, batch, seed, backend }: Training): Run => {
  const [ofFit = key(seed), ofFresh = key(seed), ofHeldOut = key(seed), ofReport = key(seed)] = split(4)(key(seed))
  const generator = multilayerPerceptron({ sizes: [2, 64, 64, 2] })(backend)
  const training = fit({
    generator,
    loss: lossesOf(seed, backend)[name],
    optimiser: adam(cosineRate(0.01, steps, 0.02)),
    target: (ofStep, points) => measureOf(spiral(points, ofStep), backend),
    batch,
  })
  const heldOut = spiral(count, ofHeldOut)
  const report = (fresh: Cloud): TwoSampleReport => {
    const [real, generated] = [measureOf(heldOut, backend), measureOf(fresh, backend)]
    const found = twoSampleReport({ key: ofReport, resamples: 50, sinkhorn: { blur: 0.2 } })(backend)(real, generated)
    disposeMeasure(real)
    disposeMeasure(generated)
    return found
  }
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; points: Cloud }[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(training, ofFit, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps)
      snapshots.push({ step: iteration, points: samplesOf(generator, params, ofFresh, count) })
    resumed = performance.now()
  }
  return {
    losses,
    snapshots,
    heldOut,
    before: report(snapshots[0]?.points ?? []),
    after: report(snapshots.at(-1)?.points ?? []),
    milliseconds: spent / (steps + 1),
  }
}

const samplesOf = (generator: Generator<PerceptronParams>, params: PerceptronParams, ofNoise: Key, points: number): Cloud => {
  const noise = generator.noise(ofNoise, points)
  const measure = generator.apply(params, noise)
  const rows = toArrays(measure).points
  noise.dispose()
  disposeMeasure(measure)
  return rows.map(([x = 0, y = 0]) => [x, y] as const)
}
