import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** A value that a package exports, and the suites that name it. */
export interface PublicFunction {
  readonly package: string
  readonly name: string
  /** Suites of properties. */
  readonly laws: readonly string[]
  /** All suites of the package, and those of properties. */
  readonly suites: readonly string[]
}

const filesUnder = (folder: string, ending: string): readonly string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true })
        .map(String)
        .filter((file) => file.endsWith(ending))
        .map((file) => join(folder, file))
    : []

/** The values, no types, that an index exports by name. */
export const namesExported = (source: string): readonly string[] =>
  Array.from(source.matchAll(/^export \{([^}]*)\}/gm), ([, list = '']) => list.split(','))
    .flat()
    .map((name) => name.trim())
    .filter((name) => name !== '' && !name.startsWith('type '))
    .map((name) => name.split(' as ').at(-1) ?? name)

/**
 * The public functions of every package under `packages`, and where they are put to the test. A suite counts for a
 * function if it names it, and is the package's own or imports the package; the kit's own suites are all about laws.
 */
export const publicFunctions = (root: string): readonly PublicFunction[] => {
  const packages = readdirSync(join(root, 'packages')).filter((name) => existsSync(join(root, 'packages', name, 'src/index.ts')))
  const suites = packages.flatMap((folder) =>
    filesUnder(join(root, 'packages', folder, 'src'), '.test.ts').map((file) => ({
      folder,
      file,
      text: readFileSync(file, 'utf8'),
      ofLaws: folder === 'laws' || file.endsWith('.laws.test.ts'),
    })),
  )
  return packages.flatMap((folder) => {
    const published = folder === 'monge' ? 'monge' : `@monge/${folder}`
    const own = suites.filter((suite) => suite.folder === folder || suite.text.includes(`'${published}'`))
    return namesExported(readFileSync(join(root, 'packages', folder, 'src/index.ts'), 'utf8')).map((name) => {
      const naming = own.filter(({ text }) => new RegExp(`\\b${name}\\b`).test(text))
      return {
        package: published,
        name,
        laws: naming.filter(({ ofLaws }) => ofLaws).map(({ file }) => file),
        suites: naming.map(({ file }) => file),
      }
    })
  })
}
