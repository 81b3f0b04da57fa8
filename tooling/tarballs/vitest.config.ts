import { mergeConfig } from 'vitest/config'
import checks from '../vitest/check.config.ts'

export default mergeConfig(checks, { test: { globalSetup: ['src/global-setup.ts'], testTimeout: 180_000 } })
