import { constant } from '@monge/backend'
import type { Place } from '@monge/backend'
import { divergenceLaws, planLaws } from '@monge/laws'
import type { Law } from '@monge/laws'
import { toArrays } from '@monge/measures'
import { lossAt } from '@monge/losses'
import fc from 'fast-check'
import type { Solver } from './sinkhorn.js'

/** A law that does not hold: the smallest case that breaks it, and what broke there. */
export interface Finding {
  readonly law: string
  readonly counterexample: string
  readonly what: string
}

// The twenty lines: someone's solver as a loss and as a plan, under the laws of both.
export const lawsOf = (solver: Solver, place: Place): readonly Law[] => {
  const clouds = { settings: ['near'], maxPoints: 3, dimension: { max: 2 } } as const
  const accuracy = 1e-3
  const loss = lossAt(place, (mu, nu) => constant(solver(toArrays(mu), toArrays(nu)).value))
  return [
    ...divergenceLaws(loss, { clouds, accuracy, magnitude: () => 1, translationInvariant: true, rigidInvariant: true }),
    ...planLaws((mu, nu) => solver(toArrays(mu), toArrays(nu)).plan, { clouds, accuracy, place }),
  ]
}

/** What a law finds: nothing if it holds. */
export const findingOf = ({ name, property }: Law, parameters: fc.Parameters<unknown>): readonly Finding[] => {
  const { failed, counterexample, errorInstance } = fc.check(property, parameters)
  const what = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
  return failed ? [{ law: name, counterexample: JSON.stringify(counterexample), what }] : []
}

/** How many laws are broken, in words. */
export const toldOf = (broken: readonly Finding[]): string =>
  broken.length === 0 ? 'every law holds' : broken.length === 1 ? '1 law is broken' : `${broken.length} laws are broken`

/** What the kit finds in a solver. */
export const findings = (solver: Solver, place: Place, parameters: fc.Parameters<unknown>): readonly Finding[] =>
  lawsOf(solver, place).flatMap((law) => findingOf(law, parameters))
