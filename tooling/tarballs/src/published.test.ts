import { readFileSync } from 'node:fs'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { describe, expect, inject, test } from 'vitest'

// Ours are ES modules alone: what CommonJS or the resolution of old would make of them is no fault.
const withoutEsm: readonly string[] = ['node10', 'node16-cjs']

describe.each(Object.entries(inject('tarballs')))('the tarball of %s', (_, file) => {
  const bytes = readFileSync(file)
  const contents = createPackageFromTarballData(bytes)
  const files = contents.listFiles().map((path) => path.replace(/^\/node_modules\/(@[^/]+\/)?[^/]+\//, ''))

  test('holds the built modules, their types and sources, a README and the licence', () => {
    const wanted = ['dist/index.js', 'dist/index.d.ts', 'src/index.ts', 'README.md', 'LICENSE', 'package.json']
    expect(wanted.filter((path) => !files.includes(path))).toEqual([])
  })

  test('holds no test, and nothing of the build', () => {
    expect(files.filter((path) => /\.test\.|\.tsbuildinfo|vitest|tsconfig/.test(path))).toEqual([])
  })

  test('is found in order by publint', async () => {
    const tarball = Uint8Array.from(bytes).buffer
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([])
  })

  test('has types that every ESM resolution finds right', async () => {
    const analysis = await checkPackage(contents)
    expect(analysis.types).not.toBe(false)
    const problems = analysis.types === false ? [] : analysis.problems
    expect(
      problems.filter((problem) => !('resolutionKind' in problem && withoutEsm.includes(problem.resolutionKind))),
    ).toEqual([])
  })
})
