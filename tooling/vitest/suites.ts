import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import type { ViteUserConfig } from 'vitest/config'
import { chromium } from './chromium.ts'

/** A run: suites in Node or in a browser, or checks of what is built; and the glob of its files. */
export interface Run {
  readonly run: 'node' | 'browser' | 'check'
  readonly files: string
  /** Whether its files share a process in Node: where none of them leaves behind what another would see. */
  readonly shared?: boolean
}

const setup = fileURLToPath(new URL('../testing/src/setup.ts', import.meta.url))

// Fixed, so that a run can be repeated and a commit is not judged by chance; MONGE_SEED=random explores.
const { MONGE_BACKENDS, MONGE_RUNS = '', MONGE_SEED = '1781', MONGE_WORKERS = '2' } = process.env
const seed = MONGE_SEED === 'random' ? String(Date.now() % 2 ** 31) : MONGE_SEED
if (process.env['MONGE_SEED'] !== undefined) console.info(`properties are tried with MONGE_SEED=${seed}`)

/*
 * To load tfjs anew for each file, and to warm it up, takes as long as many a suite. What packages build is imported as
 * Node imports it, and not transformed once more, which makes all of it slower.
 */
const inOneProcess: ViteUserConfig['test'] = {
  isolate: false,
  deps: { interopDefault: false },
  server: { deps: { external: [/\/(packages|tooling)\/[^/]+\/dist\//] } },
}

/** The test runner's configuration. What suites read of the environment is handed on to the browser as well. */
export const suites = ({ run, files, shared = false }: Run): ViteUserConfig => {
  const browser = run === 'browser'
  return defineConfig({
    cacheDir: browser ? 'node_modules/.vite-browser' : 'node_modules/.vite',
    test: {
      include: [files],
      exclude: [browser ? '**/*.node.test.ts' : '**/*.browser.test.ts'],
      passWithNoTests: true,
      setupFiles: [setup],
      env: { MONGE_BACKENDS: MONGE_BACKENDS ?? (browser ? 'webgl' : 'reference,cpu,wasm,simd,simd64'), MONGE_RUNS, MONGE_SEED: seed },
      maxWorkers: browser ? 1 : Number(MONGE_WORKERS),
      // A property that is tried 10,000 times takes its time.
      testTimeout: (browser ? 120_000 : 60_000) * Math.max(1, Number(MONGE_RUNS) / 100),
      hookTimeout: 60_000,
      ...(run === 'node' && shared ? inOneProcess : {}),
      reporters: ['default', ['json', { outputFile: `out/tests-${run}.json` }]],
      ...(browser ? { browser: chromium } : {}),
    },
    // What the suites import is bundled before the first of them runs: to find it later would reload the page.
    ...(browser ? { optimizeDeps: { entries: [files, setup.replace('setup.ts', '*.ts')] } } : {}),
  })
}
