import { mongeError } from '@monge/errors'
import type { MongeError } from '@monge/errors'

/** Tells which chain has left the numbers, and in which step. */
export interface DivergedError extends MongeError {
  readonly tag: 'Diverged'
  /** The index of the first such particle. */
  readonly chain: number
  /** The number of the step, counted from 1; 0 is the start. */
  readonly iteration: number
}

/** The error of a chain that has left the numbers. */
export const diverged = (where: string, chain: number, iteration: number, what: string): DivergedError =>
  Object.assign(mongeError('Diverged', where, `${what} in chain ${chain} at iteration ${iteration}`), {
    tag: 'Diverged' as const,
    chain,
    iteration,
  })

/** Whether a caught value is that error. */
export const isDivergedError = (value: unknown): value is DivergedError =>
  value instanceof Error && 'tag' in value && value.tag === 'Diverged' && 'chain' in value && 'iteration' in value

/**
 * @param limit the largest number that there is
 * @throws Diverged unless all of the numbers, `[n, stride]`, are finite
 */
export const requireFiniteChains = (
  where: string,
  values: Float64Array,
  stride: number,
  iteration: number,
  what = 'a coordinate',
  limit: number = Number.MAX_VALUE,
): void => {
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number
    if (Math.abs(value) <= limit) continue
    throw diverged(where, Math.floor(i / stride), iteration, `${what} is ${value}`)
  }
}
