import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** An example in a page: an ES module of its own. */
export interface Block {
  /** The page, from the root of the workspace. */
  readonly page: string
  /** The line of its first line of code. */
  readonly line: number
  readonly code: string
}

export const root: string = fileURLToPath(new URL('../../../', import.meta.url))

/** The code blocks of a page that are marked `ts`. */
export const blocksOf = (page: string, text: string): readonly Block[] =>
  [...text.matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map((match) => ({
    page,
    line: text.slice(0, match.index).split('\n').length + 1,
    code: match[1] ?? '',
  }))

export const blocksOfPage = (page: string): readonly Block[] =>
  existsSync(join(root, page)) ? blocksOf(page, readFileSync(join(root, page), 'utf8')) : []

/** The README of every package, whether it exists or not. */
export const packagePages: readonly string[] = readdirSync(join(root, 'packages'))
  .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
  .map((name) => `packages/${name}/README.md`)

/** The pages that speak of the house as a whole. */
export const housePages: readonly string[] = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
]

/** A file name for an example, that tells where it stands. */
export const fileName = ({ page, line }: Block, ending: string): string =>
  `${page.replace(/\.md$/, '').replaceAll('/', '-')}-${line}.${ending}`

/** The packages that a page says to install, as `npm install a b`. */
export const installedBy = (text: string): readonly string[] =>
  [...text.matchAll(/npm install ([^\n`#]+)/g)].flatMap(([, names = '']) => names.split(' ').filter((name) => /^[@\w]/.test(name)))

/** The packages that an example imports, Node's own aside. */
export const importedBy = ({ code }: Block): readonly string[] =>
  [...code.matchAll(/(?:from |import |import\()'([^']+)'/g)]
    .map(([, path = '']) => path.split('/').slice(0, path.startsWith('@') ? 2 : 1).join('/'))
    .filter((name) => !name.startsWith('node:'))
