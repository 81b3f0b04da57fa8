import { requireFinite } from '@monge/errors'
import type { Optimiser } from '../optimiser.js'
import { mapParams } from '../tree.js'
import { rateAt } from './rate.js'
import type { RateSchedule } from './rate.js'
import { stateless, tidied, times } from './transform.js'

/** Multiplies by a number. With -rate it is the last of a chain that descends. */
export const scale = (factor: number): Optimiser<undefined> => {
  requireFinite('scale: factor', factor)
  return stateless((gradients) => mapParams((leaf) => times(factor, leaf))(gradients))
}

/** What counts its updates. */
export interface Counted {
  readonly count: number
}

/** Multiplies by a schedule's number. */
export const scaleBySchedule = (schedule: RateSchedule): Optimiser<Counted> => ({
  init: () => ({ count: 0 }),
  update: (gradients, { count }) =>
    tidied(() => {
      const factor = rateAt('scaleBySchedule', schedule, count)
      return { updates: mapParams((leaf) => times(factor, leaf))(gradients), state: { count: count + 1 } }
    }),
})
