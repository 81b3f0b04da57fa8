import { describe, expect, test } from 'vitest'
import type { Package } from './house.ts'
import { specifiersOf } from './read.ts'
import { violations } from './violations.ts'

const built = (name: string, imports: readonly string[], dependencies: readonly string[] = imports): Package => {
  const folder = `packages/${name.replace('@monge/', '')}`
  return {
    name,
    folder,
    dependencies,
    developmentDependencies: [],
    imports: ['./other.js', ...imports].map((specifier) => ({ file: `${folder}/src/index.ts`, specifier })),
  }
}

const errors = built('@monge/errors', [])
const backend = built('@monge/backend', ['@monge/errors'])
const costs = built('@monge/costs', ['@monge/backend', '@monge/errors'])

describe('violations', () => {
  test('finds none in a house in order', () => {
    expect(violations([errors, backend, costs])).toEqual([])
  })

  test('finds an import from a row above', () => {
    expect(violations([errors, built('@monge/backend', ['@monge/costs']), built('@monge/costs', ['@monge/errors'])])).toEqual([
      'packages/backend/src/index.ts: @monge/backend (ground) imports @monge/costs (vocabulary)',
    ])
  })

  test.each(['@monge/costs', '@monge/sinkhorn'])('finds an engine imported by %s', (name) => {
    const engine = built('@monge/backend-reference', ['@monge/backend'])
    expect(violations([errors, backend, engine, built(name, ['@monge/backend-reference'])])).toHaveLength(1)
  })

  test('lets the umbrella import an engine', () => {
    const engine = built('@monge/backend-reference', ['@monge/backend'])
    expect(violations([errors, backend, engine, built('monge', ['@monge/backend-reference'])])).toEqual([])
  })

  test('finds an engine that imports vocabulary', () => {
    expect(violations([errors, backend, costs, built('@monge/backend-reference', ['@monge/costs'])])).toHaveLength(1)
  })

  test('finds a cycle within a row', () => {
    const circle = [built('@monge/errors', ['@monge/backend']), backend]
    expect(violations(circle)).toEqual([
      '@monge/errors: imports itself through others',
      '@monge/backend: imports itself through others',
    ])
  })

  test('finds a cycle of three', () => {
    const circle = [
      built('@monge/measures', ['@monge/costs']),
      built('@monge/costs', ['@monge/kernels']),
      built('@monge/kernels', ['@monge/measures']),
    ]
    expect(violations(circle)).toHaveLength(3)
  })

  test('finds a dependency that is not declared', () => {
    expect(violations([errors, built('@monge/backend', ['@monge/errors', 'lodash'], ['@monge/errors'])])).toEqual([
      'packages/backend/src/index.ts: imports lodash, which @monge/backend does not depend on',
    ])
  })

  test('finds a dependency that is declared for development alone', () => {
    const careless = { ...built('@monge/errors', ['vitest'], []), developmentDependencies: ['vitest'] }
    expect(violations([careless])).toHaveLength(1)
  })

  test('lets tests import what is declared for development', () => {
    const imports = [{ file: 'packages/errors/src/error.test.ts', specifier: 'vitest' }]
    expect(violations([{ ...errors, developmentDependencies: ['vitest'], imports }])).toEqual([])
    expect(violations([{ ...errors, imports }])).toHaveLength(1)
  })

  test('finds an import past the public face of a package', () => {
    expect(violations([errors, built('@monge/backend', ['@monge/errors/dist/error.js'], ['@monge/errors'])])).toEqual([
      'packages/backend/src/index.ts: reaches into @monge/errors/dist/error.js',
    ])
  })

  test('finds a path that leaves the package', () => {
    expect(violations([built('@monge/errors', ['../../backend/src/index.js'])])).toHaveLength(1)
  })

  test('finds a package without a row', () => {
    expect(violations([built('@monge/utils', ['node:fs'])])).toEqual(['@monge/utils: stands in no row of the house'])
  })

  test('finds a graph that was not read', () => {
    expect(violations([])).toEqual(['no package found'])
    expect(violations([{ ...errors, imports: [] }])).toEqual(['@monge/errors: no import found'])
  })
})

describe('specifiersOf', () => {
  test('reads values, types, re-exports and dynamic imports', () => {
    const source = `
      import { a } from 'value'
      import type { B } from 'type'
      import 'effect'
      export { c } from 'again'
      export * from 'everything'
      export type { D } from 'again-type'
      export const later = (): Promise<unknown> => import('late')
    `
    expect(specifiersOf('file.ts', source)).toEqual(['value', 'type', 'effect', 'again', 'everything', 'again-type', 'late'])
  })
})
