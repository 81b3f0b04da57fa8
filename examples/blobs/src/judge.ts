import { squaredEuclidean } from '@monge/costs'
import { toNumber } from '@monge/losses'
import { disposeMeasure } from '@monge/measures'
import { fold, key } from '@monge/random'
import { sinkhornDivergence } from '@monge/sinkhorn'
import type { Backend } from '@monge/backend'
import { blobs, measureOf, modesOf } from './data.js'
import type { Cloud, Modes } from './data.js'

/** How good fresh samples are. */
export interface Verdict extends Modes {
  /** The Sinkhorn divergence of fresh samples to as many held-out points. */
  readonly divergence: number
  /** The same between two real samples, the mean of five pairs. */
  readonly real: number
}

const count = 500

/** Judges samples by data that no training has seen. */
export const judge = (fresh: Cloud, seed: number, epsilon: number, backend: Backend): Verdict => {
  const loss = sinkhornDivergence({ cost: squaredEuclidean, blur: Math.sqrt(epsilon), tolerance: 1e-4 })(backend)
  const held = (index: number): Cloud => blobs(count, fold(index)(fold(1e6)(key(seed))))
  const between = (one: Cloud, other: Cloud): number => {
    const [mu, nu] = [measureOf(one, backend), measureOf(other, backend)]
    const value = toNumber(loss)(mu, nu)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return value
  }
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
  const trials = [0, 1, 2, 3, 4]
  return {
    ...modesOf(fresh),
    divergence: mean(trials.map((index) => between(fresh.slice(0, count), held(index)))),
    real: mean(trials.map((index) => between(held(index + 5), held(index)))),
  }
}
