import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { blocksOf, blocksOfPage, housePages, importedBy, installedBy, packagePages, root } from './blocks.ts'
import { runBlock } from './run.ts'

const folder = join(root, 'tooling/readmes/out/examples')

const blocks = [...housePages, ...packagePages].flatMap(blocksOfPage)

test.each([...packagePages])('%s shows an example', (page) => {
  expect(blocks.filter((block) => block.page === page).length).toBeGreaterThan(0)
})

test.each(['README.md', ...packagePages])('%s says to install what its examples import', (page) => {
  const installed = installedBy(readFileSync(join(root, page), 'utf8'))
  const imported = blocksOfPage(page).flatMap(importedBy)
  expect(imported.filter((name) => !installed.includes(name))).toEqual([])
})

test.each(blocks)('$page runs at line $line in plain Node', async (block) => {
  const { code, output, errors } = await runBlock(block, folder)
  expect(code, errors).toBe(0)
  expect(output).not.toBe('')
  expect(output).not.toMatch(/\bNaN\b/)
})

describe('blocksOf', () => {
  test('finds blocks marked ts, and no other', () => {
    const text = ['# a', '```ts', 'const a = 1', '```', '```sh', 'npm test', '```', '```ts', 'const b = 2', '```', ''].join('\n')
    expect(blocksOf('a.md', text)).toEqual([
      { page: 'a.md', line: 3, code: 'const a = 1\n' },
      { page: 'a.md', line: 9, code: 'const b = 2\n' },
    ])
  })
})

test('installedBy finds packages, not options and comments', () => {
  const text = '```sh\nnpm install --save-dev @a/b c # for d\n```\n(`npm install e`)'
  expect(installedBy(text)).toEqual(['@a/b', 'c', 'e'])
})

test('importedBy finds packages, without the paths in them', () => {
  const code = "import '@a/b'\nimport { c } from 'c/lib/d.js'\nconst e = await import('@e/f/g')\nimport { test } from 'node:test'\n"
  expect(importedBy({ page: 'a.md', line: 1, code })).toEqual(['@a/b', 'c', '@e/f'])
})
