import { suites } from './suites.ts'

/*
 * The configuration of checks of what is built: they count apart from the suites.
 */
export default suites({ run: 'check', files: 'src/**/*.test.ts' })
