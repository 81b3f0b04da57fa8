import { mongeError } from '@monge/errors'

/** The order p of a Wasserstein distance: a finite number of at least 1. */
export const requireOrder = (where: string, p: number): number => {
  if (!(Number.isFinite(p) && p >= 1)) throw mongeError('InvalidOption', where, `expected a number of at least 1, got ${p}`)
  return p
}
