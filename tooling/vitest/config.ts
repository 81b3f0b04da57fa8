import { suites } from './suites.ts'

/*
 * The configuration of one package's suites: in Node, or in headless Chromium with `MONGE_BROWSER=1`.
 */
export default suites({ run: process.env['MONGE_BROWSER'] === '1' ? 'browser' : 'node', files: 'src/**/*.test.ts' })
