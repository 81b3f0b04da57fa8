import { defineConfig } from 'vitest/config'
import { chromium } from './chromium.ts'

/*
 * One configuration for every suite. In Node by default; `MONGE_BROWSER=1` runs the same files in headless Chromium,
 * save those named `*.node.test.ts`. What the suites read of the environment is handed on to the browser.
 */

const browser = process.env['MONGE_BROWSER'] === '1'

// Fixed, so that a run can be repeated and a commit is not judged by chance; MONGE_SEED=random explores.
const seed = process.env['MONGE_SEED'] === 'random' ? String(Date.now() % 2 ** 31) : (process.env['MONGE_SEED'] ?? '1781')

if (process.env['MONGE_SEED'] !== undefined) console.info(`properties are tried with MONGE_SEED=${seed}`)

const settings = {
  MONGE_BACKENDS: process.env['MONGE_BACKENDS'] ?? (browser ? 'webgl' : 'reference,cpu,wasm'),
  MONGE_RUNS: process.env['MONGE_RUNS'] ?? '',
  MONGE_SEED: seed,
}

export default defineConfig({
  cacheDir: browser ? 'node_modules/.vite-browser' : 'node_modules/.vite',
  test: {
    include: ['src/**/*.test.ts'],
    exclude: browser ? ['src/**/*.node.test.ts'] : [],
    passWithNoTests: true,
    setupFiles: [new URL('../testing/src/setup.ts', import.meta.url).pathname],
    env: settings,
    maxWorkers: browser ? 1 : 2,
    testTimeout: browser ? 120_000 : 60_000,
    hookTimeout: 60_000,
    reporters: ['default', ['json', { outputFile: `out/tests-${browser ? 'browser' : 'node'}.json` }]],
    ...(browser ? { browser: chromium } : {}),
  },
  // tfjs and its friends are bundled before the first test asks for them: finding them later would reload the page.
  ...(browser
    ? {
        optimizeDeps: {
          entries: ['src/**/*.test.ts', new URL('../testing/src/*.ts', import.meta.url).pathname],
        },
      }
    : {}),
})
