import { stepTowards } from '@monge/generators'
import type { Params } from '@monge/generators'

/**
 * One step of an exponential moving average of parameters, `a + (1 - d)(p - a)`: its memory grows to `decay`, so that the
 * first parameters, which know nothing, are soon forgotten.
 */
export const averaged =
  (decay: number, count: number) =>
  <P extends Params>(average: P, params: P): P => {
    const kept = Math.min(decay, (1 + count) / (10 + count))
    return stepTowards(1 - kept)(average, params)
  }
