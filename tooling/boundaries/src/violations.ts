import { posix } from 'node:path'
import { isOurs, isRelative, isTest, packageOf } from './house.ts'
import type { Import, Package } from './house.ts'
import { allowed, rowOf } from './rows.ts'

/*
 * What breaks the rules of the house, in words; nothing is returned for a house in order. Rules are about what is
 * published; tests may import whatever is declared.
 */

type Rule = (packages: readonly Package[]) => readonly string[]

const eachImport =
  (rule: (from: Package, found: Import) => string | undefined): Rule =>
  (packages) =>
    packages.flatMap((from) =>
      from.imports.flatMap((found) => {
        const fault = rule(from, found)
        return fault === undefined ? [] : [`${found.file}: ${fault}`]
      }),
    )

/** A graph without modules or edges was not read, whatever the reason. */
export const emptiness: Rule = (packages) =>
  packages.length === 0
    ? ['no package found']
    : packages.filter(({ imports }) => imports.length === 0).map(({ name }) => `${name}: no import found`)

export const homelessness: Rule = (packages) =>
  packages.filter(({ name }) => rowOf(name) === undefined).map(({ name }) => `${name}: stands in no row of the house`)

export const upwardImports: Rule = eachImport((from, { file, specifier }) => {
  const here = rowOf(from.name)
  const there = rowOf(packageOf(specifier))
  if (isTest(file) || here === undefined || there === undefined) return undefined
  return allowed[here].includes(there)
    ? undefined
    : `${from.name} (${here}) imports ${packageOf(specifier)} (${there})`
})

export const deepImports: Rule = eachImport((_, { specifier }) =>
  isOurs(specifier) && specifier !== packageOf(specifier) ? `reaches into ${specifier}` : undefined,
)

export const undeclaredImports: Rule = eachImport((from, { file, specifier }) => {
  const name = packageOf(specifier)
  // `#name` is the package's own, by the `imports` of its manifest.
  if (isRelative(specifier) || specifier.startsWith('#') || name === from.name) return undefined
  if (isTest(file)) {
    const known = name.startsWith('node:') || [...from.dependencies, ...from.developmentDependencies].includes(name)
    return known ? undefined : `imports ${name}, which ${from.name} does not declare`
  }
  return from.dependencies.includes(name) ? undefined : `imports ${name}, which ${from.name} does not depend on`
})

// Tests reach what the suites share by path: were it declared, the workspace's graph would have cycles.
const shared = 'tooling/testing/src/'

export const escapes: Rule = eachImport((from, { file, specifier }) => {
  if (!isRelative(specifier)) return undefined
  const target = posix.join(posix.dirname(file), specifier)
  const inside = target.startsWith(isTest(file) ? `${from.folder}/` : `${from.folder}/src/`)
  return inside || (isTest(file) && target.startsWith(shared)) ? undefined : `leaves its package: ${specifier}`
})

/** Packages that reach themselves through what they import. */
export const cycles: Rule = (packages) => {
  const edges = new Map(
    packages.map(({ name, imports }) => [
      name,
      imports.filter(({ file }) => !isTest(file)).map(({ specifier }) => packageOf(specifier)),
    ]),
  )
  const reached = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>()
    const visit = (name: string): void =>
      (edges.get(name) ?? [])
        .filter((next) => next !== name && !seen.has(next))
        .forEach((next) => {
          seen.add(next)
          visit(next)
        })
    visit(from)
    return seen
  }
  return packages.filter(({ name }) => reached(name).has(name)).map(({ name }) => `${name}: imports itself through others`)
}

/** All that is wrong with a house. */
export const violations: Rule = (packages) =>
  [emptiness, homelessness, upwardImports, deepImports, undeclaredImports, escapes, cycles].flatMap((rule) =>
    rule(packages),
  )
