import { adam, cosineRate, fit, generate, multilayerPerceptron, twoSampleReport } from '@monge/generators'
import type { Fit, FitOptions, PerceptronParams, TwoSampleReport } from '@monge/generators'
import type { Loss } from '@monge/losses'
import { disposeMeasure, toArrays } from '@monge/measures'
import { key, split } from '@monge/random'
import type { Key } from '@monge/random'
import type { Backend } from '@monge/backend'
import { measureOf, spiral } from './data.js'
import type { Cloud } from './data.js'

/** What to train by. */
export interface Training {
  readonly loss: Loss
  readonly steps: number
  readonly batch: number
  readonly seed: number
  readonly backend: Backend
}

/** A training that has not begun, and who judges it. */
export interface Lesson {
  readonly fitting: Fit<PerceptronParams>
  readonly start: Key
  /** 300 points of data that no step sees. */
  readonly heldOut: Cloud
  /** As many samples, of the same noise whenever they are asked for. */
  readonly shown: (params: PerceptronParams) => Cloud
  /** Samples and held-out data compared; the interval by so many resamples, 50 unless given. */
  readonly report: (samples: Cloud, resamples?: number) => TwoSampleReport
}

const count = 300

/** A network 2-64-64-2 that learns a spiral. All losses start from the same weights and see the same draws. */
export const lessonOf = ({ loss, steps, batch, seed, backend }: Training): Lesson => {
  const [start = key(seed), ofFresh = key(seed), ofHeldOut = key(seed), ofReport = key(seed)] = split(4)(key(seed))
  const generator = multilayerPerceptron({ sizes: [2, 64, 64, 2] })(backend)
  const options: FitOptions<PerceptronParams, unknown> = {
    generator,
    loss,
    optimiser: adam(cosineRate(0.01, steps, 0.02)),
    target: (ofStep, points) => measureOf(spiral(points, ofStep), backend),
    batch,
  }
  const heldOut = spiral(count, ofHeldOut)
  const shown = (params: PerceptronParams): Cloud => {
    const measure = generate(generator)(params, ofFresh, count)
    const { points } = toArrays(measure)
    disposeMeasure(measure)
    return points.map(([x = 0, y = 0]) => [x, y] as const)
  }
  const report = (samples: Cloud, resamples = 50): TwoSampleReport => {
    const [real, generated] = [measureOf(heldOut, backend), measureOf(samples, backend)]
    const found = twoSampleReport({ key: ofReport, resamples, sinkhorn: { blur: 0.2 } })(backend)(real, generated)
    disposeMeasure(real)
    disposeMeasure(generated)
    return found
  }
  return { fitting: fit(options), start, heldOut, shown, report }
}
