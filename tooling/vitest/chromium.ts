import { playwright } from '@vitest/browser-playwright'
import type { BrowserConfigOptions } from 'vitest/node'
import { chromiumArguments, chromiumPath } from './launch.ts'

/** Headless Chromium as vitest's browser. */
export const chromium: BrowserConfigOptions = {
  enabled: true,
  headless: true,
  screenshotFailures: false,
  ui: false,
  provider: playwright({ launchOptions: { executablePath: chromiumPath, args: [...chromiumArguments] } }),
  instances: [{ browser: 'chromium' }],
}
