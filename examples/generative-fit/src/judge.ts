import type { Backend } from '@monge/backend'
import type { PolynomialMixtureValues } from '@monge/generators'
import { toNumber } from '@monge/losses'
import { disposeMeasure } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { fold } from '@monge/random'
import type { Key } from '@monge/random'
import { drawn } from './data.js'
import { judgeBy } from './losses.js'
import { mean } from './mean.js'
import { truthValues } from './models.js'

/** How far a fit is from the truth, by samples of so many points. */
export interface Verdict {
  readonly points: number
  /** The Sinkhorn divergence between a sample of the model and one of the truth. */
  readonly divergence: number
  /** The same between two samples of the truth. */
  readonly real: number
}

const sizes = [50, 200]

/** Judges a fit by fresh samples: the larger they are, the less of a difference they forgive. */
export const judge = (
  fit: PolynomialMixtureValues,
  trials: number,
  ofJudging: Key,
  backend: Backend,
): readonly Verdict[] => {
  const loss = judgeBy(backend)
  const between = (mu: Measure, nu: Measure): number => {
    const value = toNumber(loss)(mu, nu)
    disposeMeasure(mu)
    disposeMeasure(nu)
    return value
  }
  return sizes.map((points) => {
    const own = fold(points)(ofJudging)
    const real = (index: number): Measure => drawn(truthValues, fold(index)(own), points, backend)
    const fitted = (index: number): Measure => drawn(fit, fold(index)(own), points, backend)
    const meanOf = (value: (trial: number) => number): number => mean(Array.from({ length: trials }, (_, trial) => value(trial)))
    return {
      points,
      divergence: meanOf((trial) => between(fitted(2 * trial), real(2 * trial + 1))),
      real: meanOf((trial) => between(real(2 * trial), real(2 * trial + 1))),
    }
  })
}
