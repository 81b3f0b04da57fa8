import type { Loss } from '@monge/losses'
import { cloudsArbitrary } from './arbitraries/cloud.js'
import type { Cloud, Clouds } from './arbitraries/cloud.js'
import { requireAtLeast } from './expectations.js'
import { law } from './law.js'
import type { Law } from './law.js'
import { allowedError, divergenceLaws } from './loss-laws.js'
import type { LossLawOptions } from './loss-laws.js'
import { valueOf } from './with-measures.js'

/**
 * The laws of a metric between measures: those of a divergence, and the triangle inequality
 * `d(mu, nu) <= d(mu, other) + d(other, nu)`.
 *
 * Metrics are the p-Wasserstein distance `W_p` itself (p >= 1), its sliced and max-sliced kin, and the root of a kernel
 * norm `MMD`. Their squares are none, nor is the root of a Sinkhorn divergence: use `divergenceLaws` there.
 *
 * Between a measure and itself a root turns an error u of what is under it into √u: give a metric that is one the
 * `accuracy` of its root.
 */
export const metricLaws = (distance: Loss, options: LossLawOptions = {}): readonly Law[] => {
  const value = valueOf(distance)
  const allowed = allowedError(distance, options)
  return [
    ...divergenceLaws(distance, options),
    law('obeys the triangle inequality', cloudsArbitrary(3, options.clouds), (three: Clouds) => {
      const [mu, nu, other] = three.clouds as [Cloud, Cloud, Cloud]
      const detour = value(mu, other) + value(other, nu)
      const pair = { ...three, mu, nu }
      requireAtLeast('the way by a third measure less the straight one', detour - value(mu, nu), 0, 3 * allowed(pair))
    }),
  ]
}
