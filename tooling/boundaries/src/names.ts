import { parseSync } from 'oxc-parser'

/** A value that a file imports and uses. */
export interface UsedName {
  /** As the other module calls it. */
  readonly name: string
  readonly from: string
}

/** The values, no types, that a module exports by name, and the modules of its own folder that it exports whole. */
export const namesExported = (
  file: string,
  source: string,
): { readonly names: readonly string[]; readonly passedOn: readonly string[] } => {
  const entries = parseSync(file, source).module.staticExports.flatMap((found) => found.entries)
  return {
    // A namespace is no function: what is in it is its own module's.
    names: entries
      .filter(({ isType, importName, moduleRequest }) => !isType && (moduleRequest === null || importName.name !== null))
      .flatMap(({ exportName }) => exportName.name ?? []),
    passedOn: entries.flatMap(({ exportName, moduleRequest }) =>
      exportName.name === null && moduleRequest?.value.startsWith('.') === true ? [moduleRequest.value] : [],
    ),
  }
}

/** The values that a file imports by name and then uses: what is imported only, or told of in words, is not. */
export const namesUsed = (file: string, source: string): readonly UsedName[] => {
  const { module, program } = parseSync(file, source)
  const identifiers = new Set<string>()
  collect(program.body, identifiers)
  return module.staticImports.flatMap(({ entries, moduleRequest }) =>
    entries.flatMap(({ importName, localName, isType }) =>
      isType || importName.name === null || !identifiers.has(localName.value)
        ? []
        : [{ name: importName.name, from: moduleRequest.value }],
    ),
  )
}

const collect = (node: unknown, identifiers: Set<string>): void => {
  if (typeof node !== 'object' || node === null) return
  const { type, name } = node as { readonly type?: unknown; readonly name?: unknown }
  if (type === 'ImportDeclaration') return
  if (type === 'Identifier' && typeof name === 'string') identifiers.add(name)
  for (const part of Object.values(node)) collect(part, identifiers)
}
