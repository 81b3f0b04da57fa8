import { describe, expect, test } from 'vitest'
import { namesExported, namesUsed } from './names.ts'
import { publicFunctions } from './public-functions.ts'

/*
 * Every public function is under laws: some suite of properties imports and uses it. What is not is listed here, with why.
 */

const exceptions: Readonly<Record<string, string>> = {
  '@monge/backend portableBackend': 'starts what suites run on, in cpu and wasm: the laws of backends are tried on what it makes',
  '@monge/backend registerGradients': 'registers, once; without it no law of a gradient would hold in plain Node',
  '@monge/backend-simd simdAvailable': 'one answer for each machine',
  '@monge/backend-webgl webglBackend': 'starts what suites in a browser run on: the laws of backends are tried on what it makes',
  'monge backends': 'the engines by name: the laws of backends are tried on each',
  'monge defaultBackend': 'one of the engines',
}

describe('every public function', () => {
  const found = publicFunctions('../..')
  const nameOf = (one: (typeof found)[number]): string => `${one.package} ${one.name}`

  test('is found', () => {
    expect(found.length).toBeGreaterThan(200)
    const source = `
      export { a, b as c } from './x.js'
      export type { D } from './x.js'
      export * from './y.js'
      export * as z from '@monge/errors'
      export const e = 1
    `
    expect(namesExported('index.ts', source)).toEqual({ names: ['a', 'c', 'e'], passedOn: ['./y.js'] })
    expect(found.map(nameOf)).toContain('@monge/langevin summary')
    expect(found.map(nameOf)).toContain('@monge/laws/matchers toBeMeasure')
  })

  test('is used, not only named', () => {
    const source = `
      import { a, b as c, d, e, type F } from '@monge/x'
      // d is told of in a comment
      test('and e in words', () => expect(a({ c })).toBe(F))
    `
    expect(namesUsed('x.laws.test.ts', source)).toEqual([
      { name: 'a', from: '@monge/x' },
      { name: 'b', from: '@monge/x' },
    ])
  })

  test('is under laws, or it is said why not', () => {
    const gaps = found.filter(({ laws }) => laws.length === 0).map(nameOf)
    expect(gaps.filter((name) => !(name in exceptions))).toEqual([])
    const names = found.map(nameOf)
    expect(Object.keys(exceptions).filter((name) => !names.includes(name)), 'exceptions that are gone').toEqual([])
  })
})
