import { fileURLToPath } from 'node:url'
import { atOnce } from './src/settings.mjs'

/*
 * Stryker, on one package and its own suites: run from the root of the workspace by src/main.mjs, which names the
 * package. It works in a copy of the tree, where relative imports across packages hold.
 */
const name = process.env['MONGE_MUTANTS_PACKAGE']
const out = `tooling/mutants/out/${name}`

export default {
  plugins: [import.meta.resolve('@stryker-mutator/vitest-runner'), import.meta.resolve('./src/sample.mjs')].map((url) =>
    fileURLToPath(url),
  ),
  testRunner: 'vitest',
  vitest: { configFile: 'tooling/mutants/vitest.config.ts', related: false },
  coverageAnalysis: 'perTest',
  checkers: ['sample'],
  mutate: [`packages/${name}/src/**/*.ts`, '!**/*.test.ts', '!**/binary.ts', '!**/*.generated.ts', '!**/index.ts'],
  // Strings here are names and the words of messages.
  mutator: { excludedMutations: ['StringLiteral'] },
  ignorePatterns: ['.turbo', 'out', '/docs', '/examples', '/tooling/bench', '/tooling/tarballs'],
  // TypeScript 7 has no programming interface that could check a mutant's types, or rewrite a tsconfig.
  tsconfigFile: 'none',
  disableTypeChecks: false,
  concurrency: atOnce,
  // A mutant that loops without end is told by how often its place is met; a machine that is slow for a while is none.
  timeoutMS: 150_000,
  timeoutFactor: 2,
  dryRunTimeoutMinutes: 15,
  cleanTempDir: 'always',
  reporters: ['progress-append-only', 'json', 'html'],
  jsonReporter: { fileName: `${out}.json` },
  htmlReporter: { fileName: `${out}.html` },
  allowEmpty: true,
}
