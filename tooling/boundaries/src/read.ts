import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'
import type { Import, Package } from './house.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/** Every specifier that a source text imports or re-exports, types included. */
export const specifiersOf = (file: string, source: string): readonly string[] => {
  const { module, errors } = parseSync(file, source)
  const [error] = errors
  if (error !== undefined) throw new Error(`${file}: ${error.message}`)
  return [
    ...module.staticImports.map((found) => found.moduleRequest.value),
    ...module.staticExports.flatMap(({ entries }) => entries.flatMap((entry) => entry.moduleRequest?.value ?? [])),
    ...module.dynamicImports.flatMap(({ moduleRequest: { start, end } }) => {
      const text = source.slice(start, end)
      return /^['"]/.test(text) ? [text.slice(1, -1)] : []
    }),
  ]
}

const importsOf = (folder: string): readonly Import[] =>
  readdirSync(join(root, folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .flatMap((name) => {
      const path = join(root, folder, 'src', name)
      const file = relative(root, path)
      return specifiersOf(file, readFileSync(path, 'utf8')).map((specifier) => ({ file, specifier }))
    })

const readPackage = (folder: string): Package => {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
  const { name, dependencies, peerDependencies, optionalDependencies, devDependencies } = manifest
  return {
    name,
    folder,
    dependencies: Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies }),
    developmentDependencies: Object.keys(devDependencies ?? {}),
    imports: importsOf(folder),
  }
}

/** The packages in a folder of the workspace (`packages`, `examples`), with their imports as they stand in the sources. */
export const readPackages = (folder: string): readonly Package[] =>
  readdirSync(join(root, folder))
    .map((name) => join(folder, name))
    .filter((path) => existsSync(join(root, path, 'package.json')) && existsSync(join(root, path, 'src')))
    .map(readPackage)
