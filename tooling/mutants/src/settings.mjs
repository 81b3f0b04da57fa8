import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { identity, sampleOf } from './draw.mjs'

export const root = fileURLToPath(new URL('../../../', import.meta.url))

/** How many mutants are tried at the same time. */
export const atOnce = Number(process.env['MONGE_MUTANTS_AT_ONCE'] ?? '1')

/** The report on a package. */
export const reportFile = (name, stage = '') => join(root, 'tooling/mutants/out', `${name}${stage}.json`)

export const readReport = (file) => JSON.parse(readFileSync(file, 'utf8'))

// Strings are the names of things and the words of messages.
const isString = ({ mutatorName }) => mutatorName === 'StringLiteral'

/** The mutants of a report, each with its file and its identity. */
export const mutantsOf = (report) =>
  Object.entries(report.files).flatMap(([file, { mutants, source }]) =>
    mutants
      .filter((mutant) => !isString(mutant))
      .map((mutant) => ({ ...mutant, file, source, key: identity(file, mutant) })),
  )

const undetected = new Set(['Survived', 'NoCoverage'])

/**
 * What `MONGE_MUTANTS` draws of a package's mutants: a share (`0.2`), a number (`60`), all, if it is not set, or those
 * that the last report says were not killed (`survivors`).
 */
export const draw = (name) => {
  const { MONGE_MUTANTS: which = '1', MONGE_MUTANTS_SEED: seed = '1781' } = process.env
  if (which !== 'survivors') return (keys) => sampleOf(Number(which), seed, keys)
  const lived = new Set(
    mutantsOf(readReport(reportFile(name, '.before')))
      .filter(({ status }) => undetected.has(status))
      .map(({ key }) => key),
  )
  return (keys) => new Set(keys.filter((key) => lived.has(key)))
}
