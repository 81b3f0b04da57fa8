import { fileURLToPath } from 'node:url'
import { mergeConfig } from 'vitest/config'
import { suites } from './suites.ts'

/*
 * Every package's suites in one Chromium, from the root of the workspace.
 */
export default mergeConfig(suites({ run: 'browser', files: 'packages/*/src/**/*.test.ts' }), {
  root: fileURLToPath(new URL('../..', import.meta.url)),
})
