import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { namesExported, namesUsed } from './names.ts'
import type { UsedName } from './names.ts'

/** A value that a package exports, and the suites that use it. */
export interface PublicFunction {
  readonly package: string
  readonly name: string
  /** Suites of properties. */
  readonly laws: readonly string[]
  /** All suites, and those of properties. */
  readonly suites: readonly string[]
}

interface Suite {
  readonly folder: string
  readonly file: string
  readonly used: readonly UsedName[]
  readonly ofLaws: boolean
}

const suitesUnder = (packages: string, folder: string): readonly Suite[] =>
  readdirSync(join(packages, folder, 'src'), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(packages, folder, 'src', name))
    .map((file) => ({
      folder,
      file,
      used: namesUsed(file, readFileSync(file, 'utf8')),
      ofLaws: folder === 'laws' || /\.laws(\.browser|\.node)?\.test\.ts$/.test(file),
    }))

/** The values that a module exports, with those of its own modules that it passes on whole. */
const valuesOf = (file: string): readonly string[] => {
  const { names, passedOn } = namesExported(file, readFileSync(file, 'utf8'))
  return [...names, ...passedOn.flatMap((module) => valuesOf(join(dirname(file), module.replace(/\.js$/, '.ts'))))]
}

/** A package's entries, as its manifest has them: `.` is `src/index.ts`, `./matchers` is `src/matchers/index.ts`. */
const entriesOf = (folder: string): readonly (readonly [specifier: string, file: string])[] => {
  const { name, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly exports: Readonly<Record<string, { readonly default: string }>>
  }
  return Object.entries(exports).map(([entry, { default: built }]) => [
    name + entry.slice(1),
    join(folder, built.replace('./dist/', 'src/').replace(/\.js$/, '.ts')),
  ])
}

/**
 * The public functions of every package under `packages`, and where they are put to the test. A suite counts for a
 * function if it imports it, from the package or, if it is the package's own, from a file of it, and uses it; the kit's
 * own suites are all about laws.
 */
export const publicFunctions = (root: string): readonly PublicFunction[] => {
  const packages = join(root, 'packages')
  const folders = readdirSync(packages).filter((name) => existsSync(join(packages, name, 'src/index.ts')))
  const suites = folders.flatMap((folder) => suitesUnder(packages, folder))
  return folders.flatMap((folder) =>
    entriesOf(join(packages, folder)).flatMap(([specifier, file]) =>
      [...new Set(valuesOf(file))].map((name) => {
        const using = suites.filter(({ used, folder: home }) =>
          used.some((one) => one.name === name && (one.from === specifier || (home === folder && one.from.startsWith('.')))),
        )
        return {
          package: specifier,
          name,
          laws: using.filter(({ ofLaws }) => ofLaws).map((suite) => suite.file),
          suites: using.map((suite) => suite.file),
        }
      }),
    ),
  )
}
