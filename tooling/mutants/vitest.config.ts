import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'
import { suites } from '../vitest/suites.ts'
import { collection } from './src/collection.ts'

/*
 * The suites of the package that is mutated. Whoever imports it gets its sources, other packages too, so that a mutant
 * is met wherever the suites reach it. One thread serves a run: to load tfjs anew for each file would take most of it.
 */
const name = process.env['MONGE_MUTANTS_PACKAGE'] ?? ''
const root = fileURLToPath(new URL('../..', import.meta.url))
const merged: ViteUserConfig = mergeConfig(suites({ run: 'node', files: `packages/${name}/src/**/*.test.ts` }), {
  root,
  resolve: { alias: [{ find: new RegExp(`^@monge/${name}$`), replacement: join(root, 'packages', name, 'src/index.ts') }] },
  test: { pool: 'threads', isolate: false, setupFiles: [fileURLToPath(new URL('src/setup.ts', import.meta.url))] },
})

// The WebAssembly of a mutant, in place of the one that is kept.
const { MONGE_MUTANTS_TEXT: text, MONGE_MUTANTS_SHADOW: shadow } = process.env
const assembly = {
  name: 'assembly',
  enforce: 'pre',
  load: (id: string): string | undefined =>
    text !== undefined && shadow !== undefined && id.endsWith(join('packages', name, text)) ? readFileSync(shadow, 'utf8') : undefined,
} as const

export default {
  ...merged,
  plugins: [assembly],
  test: {
    ...merged.test,
    exclude: [...(merged.test?.exclude ?? []), ...(text === undefined ? [] : ['**/binary.node.test.ts'])],
    maxWorkers: 1,
    testTimeout: 600_000,
    reporters: [collection],
  },
}
