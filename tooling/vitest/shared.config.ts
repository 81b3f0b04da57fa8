import { suites } from './suites.ts'

/*
 * As config.ts, for a package whose suites share one process in Node. (Not for those that stop workers, or look at what is
 * registered so far.)
 */
export default suites({
  run: process.env['MONGE_BROWSER'] === '1' ? 'browser' : 'node',
  files: 'src/**/*.test.ts',
  shared: true,
})
