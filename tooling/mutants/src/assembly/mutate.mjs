import { Instrumenter } from '@stryker-mutator/instrumenter'

/*
 * The mutants of AssemblyScript: Stryker's, since it reads as TypeScript but for the decorators, and those of the
 * instructions that are written as functions.
 */

const silent = { debug: () => {}, info: () => {}, isDebugEnabled: () => false }
const options = { plugins: null, excludedMutations: ['StringLiteral'], ignorers: [], noHeader: true }

// Spaces keep every place where it is.
const withoutDecorators = (source) =>
  source.replaceAll(/@(?:inline|unmanaged|external\([^)]*\))/g, (text) => ' '.repeat(text.length))

const opposites = { add: 'sub', sub: 'add', mul: 'add', div: 'mul', min: 'max', max: 'min' }
const comparisons = { lt: 'le', le: 'lt', gt: 'ge', ge: 'gt', eq: 'ne', ne: 'eq' }
const others = { ...opposites, ...comparisons }
const instruction = /\b(?:v128|[if]\d+x\d+|[if]\d\d)\.(add|sub|mul|div|min|max|lt|le|gt|ge|eq|ne)\b|\b(min|max)(?=[<(])/g

const placeOf = (source, offset) => {
  const before = source.slice(0, offset).split('\n')
  return { line: before.length, column: before[before.length - 1].length + 1 }
}

const instructionMutants = (source) =>
  [...source.matchAll(instruction)].map((match) => {
    const name = match[1] ?? match[2]
    const end = match.index + match[0].length
    return {
      mutatorName: 'Instruction',
      replacement: others[name],
      location: { start: placeOf(source, end - name.length), end: placeOf(source, end) },
    }
  })

const fromOne = ({ line, column }) => ({ line: line + 1, column: column + 1 })

/** The mutants of a source, in the form of Stryker's reports: lines and columns count from one. */
export const mutantsIn = async (name, source) => {
  const file = { name, content: withoutDecorators(source), mutate: true }
  const { mutants } = await new Instrumenter(silent).instrument([file], options)
  const operators = mutants.map(({ mutatorName, replacement, location }) => ({
    mutatorName,
    replacement,
    location: { start: fromOne(location.start), end: fromOne(location.end) },
  }))
  return [...operators, ...instructionMutants(source)].map((mutant, id) => ({ id: String(id), ...mutant }))
}

const offsetOf = (source, { line, column }) =>
  source
    .split('\n')
    .slice(0, line - 1)
    .reduce((total, text) => total + text.length + 1, column - 1)

/** The source with one mutant in it. */
export const mutated = (source, { location, replacement }) =>
  source.slice(0, offsetOf(source, location.start)) + replacement + source.slice(offsetOf(source, location.end))
