import { defineConfig } from 'vitest/config'
import { suites } from '../../tooling/vitest/suites.ts'

/*
 * The built site in headless Chromium, from outside: it counts among the browser's suites.
 */
const { test, ...rest } = suites({ run: 'check', files: 'e2e/**/*.test.ts' })

export default defineConfig({
  ...rest,
  test: {
    ...test,
    reporters: ['default', ['json', { outputFile: 'out/tests-browser.json' }]],
    // Chromium takes both cores of a small machine.
    fileParallelism: false,
    testTimeout: 120_000,
  },
})
