import fc from 'fast-check'
import { runs } from './runs.ts'
import { seed } from './settings.ts'

// fast-check itself prints the seed with every counterexample.
fc.configureGlobal({ seed, numRuns: runs(100) })
