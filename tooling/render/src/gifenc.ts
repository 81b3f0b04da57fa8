import { createRequire } from 'node:module'
import type * as Gifenc from 'gifenc'

// Required, not imported: Node and the test runner disagree on what a CommonJS package's default export is.
export const gifenc: typeof Gifenc = createRequire(import.meta.url)('gifenc') as typeof Gifenc
