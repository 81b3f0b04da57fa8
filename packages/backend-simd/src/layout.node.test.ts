import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as host from './layout.ts'

// `export const JOB_Q_32: usize = 28`, where the number may be a sum of earlier names.
const declared = (): ReadonlyMap<string, number> => {
  const text = readFileSync(new URL('../assembly/layout.ts', import.meta.url), 'utf8')
  const values = new Map<string, number>()
  for (const [, name, expression] of text.matchAll(/export const (\w+): \w+ = (.+)/g))
    values.set(
      name,
      expression
        .replaceAll(/<\w+>/g, '')
        .replaceAll(/[()]/g, '')
        .split('+')
        .map((term) => term.split('*').map((factor) => values.get(factor.trim()) ?? Number(factor)))
        .reduce((sum, factors) => sum + factors.reduce((product, factor) => product * factor, 1), 0),
    )
  return values
}

const upper = (name: string): string => name.replaceAll(/([A-Z]|\d+)/g, '_$1').toUpperCase()

test.each([
  ['GEOMETRY', host.geometryFields],
  ['KIND', host.kinds],
  ['JOB', host.jobFields],
  ['FLAG', host.flags],
  ['STEP', host.stepFields],
  ['CODE', host.codes],
])('the host knows where each %s lies', (prefix, fields) => {
  const values = declared()
  const wanted = [...values].filter(([name]) => name.startsWith(`${prefix}_`) && name !== 'STEP_BYTES')
  expect(Object.entries(fields).map(([name, value]) => [`${prefix}_${upper(name)}`, value])).toEqual(wanted)
})

test('the host knows the sizes', () => {
  const values = declared()
  expect(host.tile).toBe(values.get('TILE'))
  expect(host.group).toBe(values.get('GROUP'))
  expect(host.jobBytes).toBe(values.get('BYTES_OF_JOB'))
  expect(host.registers).toBe(values.get('REGISTERS'))
  expect(host.stepBytes).toBe(values.get('STEP_BYTES'))
  expect(host.scratchBytes).toBe(values.get('SCRATCH_BYTES'))
})
