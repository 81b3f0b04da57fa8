import type { Profile } from '@monge/backend'
import { expect, test } from 'vitest'
import { registers } from './layout.ts'
import { programOf, slopeProgramOf } from './program.ts'

const leaf: Profile = { tag: 'exponential', scale: 1, rate: 1, shift: 0, exponent: 0.5 }
const nested = (depth: number): Profile => (depth === 1 ? leaf : { tag: 'sum', terms: [leaf, nested(depth - 1)] })

test('profiles nest as deep as there are buffers', () => {
  expect(programOf(nested(registers))?.steps).toHaveLength(2 * registers - 1)
  expect(programOf(nested(registers + 1))).toBeUndefined()
})

test('half the squared distance takes no step, nor does its slope', () => {
  const half: Profile = { tag: 'power', scale: 0.5, shift: 0, exponent: 1 }
  expect(programOf(half)).toEqual({ steps: [], scale: 0.5 })
  expect(slopeProgramOf(half)).toEqual({ steps: [], scale: 1 })
})

test('a power is one step, whose factor is left to the end', () => {
  const program = programOf({ tag: 'power', scale: 3, shift: 0.25, exponent: 0.5 })
  expect(program?.scale).toBe(3)
  expect(program?.steps).toMatchObject([{ scale: 1, shift: 0.25, exponent: 0.5 }])
})

test('slopes are kept finite, values are what they are', () => {
  const sum: Profile = { tag: 'sum', terms: [leaf, leaf] }
  const leaves = (steps: readonly { readonly finite: boolean; readonly source: number }[] = []) => steps.filter(({ source }) => source === 0)
  expect(leaves(programOf(sum)?.steps).map(({ finite }) => finite)).toEqual([false, false])
  // Each slope is a product of a power and an exponential.
  expect(leaves(slopeProgramOf(sum)?.steps).map(({ finite }) => finite)).toEqual([true, true, true, true])
})

test('what holds a function of a user has no program, nor does its slope', () => {
  const custom: Profile = { tag: 'custom', value: (s) => s }
  for (const profile of [custom, { tag: 'sum', terms: [leaf, custom] }, { tag: 'product', factors: [custom, leaf] }] as const)
    expect([programOf(profile), slopeProgramOf(profile)]).toEqual([undefined, undefined])
})
