import { describe, expect, test } from 'vitest'
import { namesExported, publicFunctions } from './public-functions.ts'

/*
 * Every public function is under laws: some suite of properties names it. What is not is listed here, with why.
 */

const exceptions: Readonly<Record<string, string>> = {
  '@monge/backend portableBackend': 'every suite runs on it; the laws of backends are tried on what it makes',
  '@monge/backend registerGradients': 'registers, once; without it no law of a gradient would hold in plain Node',
  '@monge/backend-simd simdAvailable': 'one answer for each machine',
  '@monge/backend-webgl webglBackend': 'every suite in a browser runs on it, the laws of backends among them',
  '@monge/flows drive': 'what runs are driven by, here and in other packages: under the laws of run',
  '@monge/flows givingWay': 'what runAsync is made of: under its laws',
  '@monge/flows tensorsOf': 'what runs are freed by: under the laws of run, which leave no tensor behind',
  '@monge/laws cloudShapes': 'a list of words',
  '@monge/laws vectorLaws': 'part of the laws of backends, through which it is tried',
  '@monge/losses tapedGradients': 'what valueAndGradient is made of: under its laws',
  '@monge/measures atHomeOf': 'where a measure lives: in the suites of the functions that go there',
  '@monge/random fillNormal': 'what normal is made of: compared with it, bit for bit',
  '@monge/random lowerTailQuantile': 'one function of one number, compared with tables of its values',
  '@monge/viz categorical': 'a list of colours',
  '@monge/viz colourAlong': 'a list of colours, between which it interpolates',
  '@monge/viz colourScale': 'a list of colours, between which it interpolates',
  '@monge/viz dotCount': 'a sum over the marks of a scene',
  '@monge/viz dotRenderer': 'draws on a GPU: in suites of the browser, by the pixels that come of it',
  '@monge/viz drawScene': 'draws on a canvas: in suites of the browser, by the pixels that come of it',
  'monge backends': 'the engines by name',
  'monge defaultBackend': 'one of the engines',
  'monge emd': 'of @monge/exact, under its laws there',
  'monge emdSamples': 'of @monge/exact, under its laws there',
  'monge wasserstein1d': 'of @monge/exact, under its laws there',
  'monge slicedWasserstein': 'of @monge/sliced, under its laws there',
  'monge evaluate': 'the functions of the packages on plain arrays: compared with them',
  'monge samplesLoss': 'the functions of the packages on plain arrays: compared with them',
  'monge transport': 'the functions of the packages on plain arrays: compared with them, and properties beside',
}

describe('every public function', () => {
  const found = publicFunctions('../..')
  const nameOf = (one: (typeof found)[number]): string => `${one.package} ${one.name}`

  test('is found', () => {
    expect(found.length).toBeGreaterThan(200)
    expect(namesExported("export { a, b as c } from './x.js'\nexport type { D } from './x.js'")).toEqual(['a', 'c'])
  })

  test('is under laws, or it is said why not', () => {
    const gaps = found.filter(({ laws }) => laws.length === 0).map(nameOf)
    expect(gaps.filter((name) => !(name in exceptions))).toEqual([])
    const names = found.map(nameOf)
    expect(Object.keys(exceptions).filter((name) => !names.includes(name)), 'exceptions that are gone').toEqual([])
  })
})
