import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './execute.mjs'

/*
 * vitest writes what it counted to `out/tests-<run>.json` of each package (`node`, `browser`, `check`).
 */

const reportsOf = (run) =>
  ['.', 'packages', 'examples', 'tooling']
    .flatMap((row) => (row === '.' ? ['.'] : readdirSync(join(root, row)).map((name) => join(row, name))))
    .map((folder) => join(root, folder, 'out', `tests-${run}.json`))
    .filter((file) => existsSync(file))

/** Forgets what earlier runs counted. */
export const forget = (run) => reportsOf(run).forEach((file) => rmSync(file))

// A file that cannot even be imported holds no failed test, and is a failure all the same.
const countOf = (file) => {
  const report = JSON.parse(readFileSync(file, 'utf8'))
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  )
  return { passed: report.numPassedTests, failed: report.numFailedTests + broken.length }
}

const none = { passed: 0, failed: 0 }

export const sum = (counts) =>
  counts.reduce((total, { passed, failed }) => ({ passed: total.passed + passed, failed: total.failed + failed }), none)

/** What a run counted over all packages. A runner that failed, whatever it counted, is a failure. */
export const countRun = (run, code) => {
  const total = sum(reportsOf(run).map(countOf))
  return code !== 0 && total.failed === 0 ? { ...total, failed: 1 } : total
}

/** A check without a count of its own. */
export const countCheck = (code) => (code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 })

export const line = ({ passed, failed }) => `${passed} passed, ${failed} failed`
