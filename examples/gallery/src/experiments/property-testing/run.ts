import { findingOf, lawsOf } from '@monge-examples/property-testing/findings'
import { versions } from '@monge-examples/property-testing/sinkhorn'
import { referenceBackend } from '@monge/backend-reference'
import type { Frame, Run } from '../../experiment.js'
import type { Broken, Extra, Verdict } from './extra.js'

interface Column {
  readonly name: string
  readonly verdicts: readonly Verdict[]
}

const frameOf = (step: number, laws: readonly string[], columns: readonly Column[], broken: readonly Broken[]): Frame => {
  const extra: Extra = {
    laws,
    broken,
    versions: columns.map(({ name, verdicts }) => ({ name, verdicts: laws.map((_, row) => verdicts[row] ?? 'untried') })),
  }
  const counted = columns.map(({ verdicts }, index): readonly [string, number] => [
    `broken${index + 1}`,
    verdicts.filter((verdict) => verdict === 'broken').length,
  ])
  return { step, clouds: {}, readings: { tried: step, ...Object.fromEntries(counted) }, extra }
}

export const run: Run = async function* (settings, { signal }) {
  if (signal.aborted) return
  const parameters = { numRuns: Number(settings['runs']), seed: Number(settings['seed']) }
  // Someone's own code computes in plain float64, and is tried there whatever engine is chosen.
  const place = await referenceBackend()
  const columns = versions.map(({ name, solver }) => ({ name, laws: lawsOf(solver, place), verdicts: [] as Verdict[] }))
  const [{ laws: listed }] = columns
  const laws = listed.map(({ name }) => name)
  const broken: Broken[] = []
  let step = 0
  yield frameOf(step, laws, columns, [])
  for (const column of columns)
    for (const law of column.laws) {
      if (signal.aborted) return
      const [finding] = findingOf(law, parameters)
      column.verdicts.push(finding === undefined ? 'held' : 'broken')
      if (finding !== undefined) broken.push({ version: column.name, ...finding })
      step += 1
      yield frameOf(step, laws, columns, [...broken])
    }
}
