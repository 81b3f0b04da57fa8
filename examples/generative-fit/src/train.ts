import { adam, fit, run } from '@monge/generators'
import type { PolynomialMixtureParams, PolynomialMixtureValues } from '@monge/generators'
import { toNumber } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure } from '@monge/measures'
import { fold, key, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Measure } from '@monge/measures'
import { judgeBy } from './losses.js'
import type { Backends, Way } from './losses.js'
import { modelAt, sampleOf, truthAt, valuesOf } from './models.js'
import type { Mixture, Sample } from './models.js'

/** What to fit by, and with how much. */
export interface Training {
  readonly way: Way
  readonly steps: number
  readonly points: number
  readonly seed: number
  readonly backends: Backends
}

/** What came of it. */
export interface Run {
  /** The loss of every step, on its own draw of model and data. */
  readonly losses: readonly number[]
  readonly snapshots: readonly { readonly step: number; readonly values: PolynomialMixtureValues }[]
  /** A draw of the data and of the fitted model. */
  readonly data: Sample
  readonly model: Sample
  /** Sinkhorn divergences between draws of as many points: of the model and the truth, and of the truth twice. */
  readonly divergence: number
  readonly real: number
  /** Milliseconds that a step took. */
  readonly milliseconds: number
}

/** Fits the model as the notebook does: Adam with rate .1 and epsilon .01, and fresh points of both in every step. */
export const train = ({ way, steps, points, seed, backends }: Training): Run => {
  const { plain } = backends
  const [ofFit = key(seed), ofJudging = key(seed)] = split(2)(key(seed))
  const [truth, model] = [truthAt(plain), modelAt(plain)]
  const training = fit({
    generator: model,
    loss: way.loss(backends),
    optimiser: adam(0.1, { epsilon: 0.01 }),
    target: (ofStep, count) => drawn(truth, truth.init(ofStep), ofStep, count),
    batch: points,
  })
  const stride = Math.max(1, Math.ceil(steps / 40))
  const losses: number[] = []
  const snapshots: { step: number; values: PolynomialMixtureValues }[] = []
  const ends: Pick<Run, 'data' | 'model' | 'divergence' | 'real'>[] = []
  let spent = 0
  let resumed = performance.now()
  for (const { iteration, value, params } of run(training, ofFit, { steps })) {
    spent += performance.now() - resumed
    losses.push(value)
    if (iteration % stride === 0 || iteration === steps) snapshots.push({ step: iteration, values: valuesOf(params) })
    if (iteration === steps) ends.push(judged(judgeBy(plain), truth, model, params, points, ofJudging))
    resumed = performance.now()
  }
  const [end] = ends
  if (end === undefined) throw new Error('a run of any number of steps has an end')
  return { losses, snapshots, ...end, milliseconds: spent / (steps + 1) }
}

const drawn = (mixture: Mixture, params: PolynomialMixtureParams, ofDraw: Key, count: number): Measure => {
  const noise = mixture.noise(ofDraw, count)
  const measure = mixture.apply(params, noise)
  noise.dispose()
  return measure
}

const trials = 10

const judged = (
  loss: Loss,
  truth: Mixture,
  model: Mixture,
  params: PolynomialMixtureParams,
  points: number,
  ofJudging: Key,
): Pick<Run, 'data' | 'model' | 'divergence' | 'real'> => {
  const ofTruth = truth.init(ofJudging)
  const held = (index: number): Measure => drawn(truth, ofTruth, fold(index)(ofJudging), points)
  const between = (mu: Measure, nu: Measure): number => {
    const value = toNumber(loss)(mu, nu)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return value
  }
  const mean = (value: (trial: number) => number): number =>
    Array.from({ length: trials }, (_, trial) => value(trial)).reduce((sum, each) => sum + each, 0) / trials
  const kept = (measure: Measure): Sample => {
    const sample = sampleOf(measure)
    disposeMeasure(measure)
    return sample
  }
  const fitted = (index: number): Measure => drawn(model, params, fold(index)(ofJudging), points)
  const result = {
    data: kept(held(-1)),
    model: kept(fitted(-2)),
    divergence: mean((trial) => between(fitted(2 * trial), held(2 * trial + 1))),
    real: mean((trial) => between(held(2 * trial), held(2 * trial + 1))),
  }
  for (const tensor of Object.values(ofTruth)) tensor.dispose()
  return result
}
