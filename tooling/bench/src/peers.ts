import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { requestOf, usage } from './arguments.js'
import { compete } from './contest.js'
import type { Result } from './contest.js'
import { peersPython } from './environment.js'
import type { Problem } from './problem.js'
import { machine, summaryOf, tableOf } from './report.js'

/*
 * `pnpm bench:peers [CONTEST ...]`: all contests, or those named, against the pinned Python peers. A whole run writes
 * docs/benchmarks.md, as it goes; `--output` writes any run's page elsewhere.
 */

const request = (() => {
  try {
    return requestOf(process.argv.slice(2))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : String(error)}\nusage: bench:peers ${usage}`)
    process.exit(2)
  }
})()

const page = (contests: readonly (readonly [Problem, readonly Result[]])[]): string =>
  [
    '# Benchmarks',
    '',
    'Written by `pnpm bench:peers`, which runs Monge and the Python peers in turn, one run each a round, on the same clouds and',
    'the same cores, all threads allowed to all. "times ours" is the median over rounds of the peer’s time over ours: above 1,',
    'Monge is faster. An error is the marginal error `|P 1 - a| + |Pᵀ 1 - b|` of entropic transport, the duality gap of exact',
    'transport. Peak memory is of the whole process, interpreter, libraries and data included. GeomLoss and the sliced distance',
    'run in float32, as we do; POT and OTT-JAX otherwise in float64. POT’s threshold is the loosest that reaches the error asked',
    'for. What a user pays once (imports, compilation, copying clouds) is not timed; costs from points are. A turn of runs of',
    'less than a second is timed on end, once it has gone on for a fifth of one; “after a pause” is the ratio at its beginning,',
    'when some systems keep the threads of a process that has slept on one core. A value “(not ours)” differs by more than 1e-4 of',
    'it: such a peer is not counted above.',
    '',
    `${machine()}.`,
    '',
    '## Where we stand',
    '',
    summaryOf(contests),
    '## Each contest',
    '',
    ...contests.map(([problem, results]) => tableOf(problem, results)),
  ].join('\n')

const interpreter = peersPython()
// The package manager runs this in the package's folder; a path that was typed is meant from where it was typed.
const typedIn = process.env['INIT_CWD'] ?? process.cwd()
const whole = join(import.meta.dirname, '..', '..', '..', 'docs', 'benchmarks.md')
const output = request.output !== undefined ? resolve(typedIn, request.output) : request.whole ? whole : undefined
if (output !== undefined) mkdirSync(dirname(output), { recursive: true })
const done: (readonly [Problem, readonly Result[]])[] = []
for (const match of request.contests) {
  const results = await compete(match, interpreter, request.effort)
  console.log(tableOf(match.problem, results))
  done.push([match.problem, results])
  if (output !== undefined) writeFileSync(output, page(done))
}
console.log(summaryOf(done))
