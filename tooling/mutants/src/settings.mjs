import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { identity, isDrawn } from './draw.mjs'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** The report on a package. */
export const reportFile = (name, stage = '') => join(root, 'tooling/mutants/out', `${name}${stage}.json`)

export const readReport = (file) => JSON.parse(readFileSync(file, 'utf8'))

/** The mutants of a report, each with its file and its identity. */
export const mutantsOf = (report) =>
  Object.entries(report.files).flatMap(([file, { mutants, source }]) =>
    mutants.map((mutant) => ({ ...mutant, file, source, key: identity(file, mutant) })),
  )

const undetected = new Set(['Survived', 'NoCoverage'])

/**
 * What `MONGE_MUTANTS` draws: a share of all mutants (`0.2`; all, if it is not set), or those that the last report says
 * were not killed (`survivors`).
 */
export const draw = (name) => {
  const { MONGE_MUTANTS: which = '1', MONGE_MUTANTS_SEED: seed = '1781' } = process.env
  if (which !== 'survivors') return (key) => isDrawn(Number(which), seed, key)
  const keys = new Set(
    mutantsOf(readReport(reportFile(name, '.before')))
      .filter(({ status }) => undetected.has(status))
      .map(({ key }) => key),
  )
  return (key) => keys.has(key)
}
