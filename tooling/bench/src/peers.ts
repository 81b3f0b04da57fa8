import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compete } from './contest.js'
import { matches } from './matches.js'
import { machine, tableOf } from './report.js'

/*
 * `pnpm bench:peers [NAME ...]`: all contests, or those named, against the pinned Python peers; writes
 * docs/benchmarks.md, whole runs only. `MONGE_PEERS_PYTHON` names a Python that has the peers already.
 */

const folder = join(import.meta.dirname, '..')
const environment = join(folder, 'out', 'peers')

const python = (): string => {
  const given = process.env['MONGE_PEERS_PYTHON']
  if (given !== undefined) return given
  const interpreter = join(environment, 'bin', 'python')
  if (!existsSync(interpreter)) {
    console.log('making a Python environment for the peers')
    mkdirSync(environment, { recursive: true })
    execFileSync('python3', ['-m', 'venv', environment], { stdio: 'inherit' })
    const install = ['-m', 'pip', 'install', '--quiet', '-r', join(folder, 'requirements.txt')]
    execFileSync(interpreter, install, { stdio: 'inherit' })
  }
  return interpreter
}

const names = process.argv.slice(2)
const unknown = names.find((name) => !(name in matches))
if (unknown !== undefined) {
  console.error(`no contest "${unknown}" (there are ${Object.keys(matches).join(', ')})`)
  process.exit(2)
}
const interpreter = python()
const sections: string[] = []
for (const [name, contests] of Object.entries(matches)) {
  if (names.length > 0 && !names.includes(name)) continue
  for (const match of contests) {
    const results = await compete(match, interpreter, 9)
    const table = tableOf(match.problem, results)
    console.log(table)
    sections.push(table)
  }
}
if (names.length === 0) {
  const intro = [
    '# Benchmarks',
    '',
    'Written by `pnpm bench:peers`, which runs Monge and the Python peers in turn, one run each a round, on the same clouds and',
    'the same cores, all threads allowed to all. "times ours" is the median over rounds of the peer’s time over ours: above 1,',
    'Monge is faster. Marginal errors are worked out in float64 from what each returned. Peak memory is of the whole process,',
    'interpreter and libraries included. GeomLoss runs in float32, POT and OTT-JAX in float64.',
    '',
    `${machine()}.`,
    '',
  ]
  writeFileSync(join(folder, '..', '..', 'docs', 'benchmarks.md'), [...intro, ...sections].join('\n'))
}
