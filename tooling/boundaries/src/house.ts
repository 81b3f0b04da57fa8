/** One import, of a value or a type, in a source file. */
export interface Import {
  /** The file, from the root of the workspace. */
  readonly file: string
  /** What the import says: `./cost.js`, `@monge/errors`, `node:fs`. */
  readonly specifier: string
}

/** A package: what it declares, and what its files import. */
export interface Package {
  readonly name: string
  /** From the root of the workspace: `packages/costs`. */
  readonly folder: string
  /** What its users get along with it: dependencies, peer and optional ones. */
  readonly dependencies: readonly string[]
  readonly developmentDependencies: readonly string[]
  readonly imports: readonly Import[]
}

export const isTest = (file: string): boolean => file.endsWith('.test.ts')

export const isRelative = (specifier: string): boolean => specifier.startsWith('.')

export const isOurs = (specifier: string): boolean => /^(@monge\/|monge(\/|$))/.test(specifier)

/** `@monge/costs/dist/x.js` is of the package `@monge/costs`, `node:fs` of `node:fs`. */
export const packageOf = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')
