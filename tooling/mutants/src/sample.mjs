import { CheckStatus } from '@stryker-mutator/api/check'
import { declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import { identity } from './draw.mjs'
import { draw } from './settings.mjs'

/*
 * A checker for Stryker, which has no notion of a sample: it turns away the mutants that are not drawn, as another would
 * turn away those that do not compile.
 */

// Stryker counts lines and columns from zero in its own process, and from one in its reports.
const fromOne = ({ line, column }) => ({ line: line + 1, column: column + 1 })

const keyOf = (mutant) =>
  identity(mutant.fileName.replaceAll('\\', '/').replace(/^.*?(?=packages\/[^/]+\/src\/)/, ''), {
    ...mutant,
    location: { start: fromOne(mutant.location.start), end: fromOne(mutant.location.end) },
  })

const sample = () => {
  const drawFrom = draw(process.env['MONGE_MUTANTS_PACKAGE'])
  const wanted = new Set()
  const check = (mutant) =>
    wanted.has(keyOf(mutant))
      ? { status: CheckStatus.Passed }
      : { status: CheckStatus.CompileError, reason: 'not in the sample' }
  return {
    init: () => Promise.resolve(),
    check: (mutants) => Promise.resolve(Object.fromEntries(mutants.map((mutant) => [mutant.id, check(mutant)]))),
    // All mutants come by here before the first is checked.
    group: (mutants) => {
      for (const key of drawFrom(mutants.map(keyOf))) wanted.add(key)
      return Promise.resolve([mutants.map(({ id }) => id)])
    },
  }
}
sample.inject = []

export const strykerPlugins = [declareFactoryPlugin(PluginKind.Checker, 'sample', sample)]
