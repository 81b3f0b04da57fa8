import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { chromium } from './chromium.ts'
import { suites } from './suites.ts'

/*
 * Every package's suites in one Chromium, from the root of the workspace. Files that leave nothing behind for others, as
 * they share a process in Node, share a page too: to load one anew, and to compile its shaders, takes about three seconds.
 */
const sharing = 'packages/{costs,kernels,langevin,losses,measures}/src/**/*.test.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const all = suites({ run: 'browser', files: 'packages/*/src/**/*.test.ts' })
const { reporters, exclude = [], ...test } = all.test ?? {}

const project = (name: string, changes: NonNullable<typeof all.test>) => ({
  ...all,
  root,
  // vitest names the browsers of a project in place.
  test: { ...test, browser: { ...chromium, instances: [{ browser: 'chromium' as const }] }, exclude, name, ...changes },
})

export default defineConfig({
  root,
  test: {
    ...(reporters === undefined ? {} : { reporters }),
    projects: [
      project('one page', { include: [sharing], isolate: false }),
      project('a page each', { exclude: [...exclude, sharing] }),
    ],
  },
})
