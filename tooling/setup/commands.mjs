import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { countCheck, countRun, forget, sum } from './counts.mjs'
import { execute, root, say } from './execute.mjs'
import { prepare } from './prepare.mjs'

/** Runs the newcomer's first story, where it was called from: its arguments and relative paths stay as they are. */
export const start = async (parameters) => {
  const code = await prepare('@monge-examples/gradient-flows...')
  if (code !== 0) return code
  const cwd = process.env['INIT_CWD'] ?? process.cwd()
  return execute([process.execPath, join(root, 'examples/gradient-flows/dist/main.js'), ...parameters], {
    cwd,
    env: { INIT_CWD: cwd },
  })
}

/** Builds the gallery and serves it. */
export const gallery = async (parameters) => {
  const code = await prepare('@monge-examples/gallery...')
  return code === 0 ? execute(['pnpm', '--filter', '@monge-examples/gallery', 'run', 'preview', ...parameters]) : code
}

const packageByPackage = ['--continue', '--output-logs=full', '--log-order=grouped', '--ui=stream']
const turboRun = (task, concurrency = 1) => ['turbo', 'run', task, `--concurrency=${concurrency}`, ...packageByPackage]

// Two packages of one worker each keep two cores busy; one package of two waits for its longest file, and a story has one.
const suitesInNode = turboRun('test', 2)
const oneWorker = { MONGE_WORKERS: '1' }

const suite = (run, ...commands) => async () => {
  forget(run)
  let code = 0
  for (const command of commands) code = (await execute(command, { env: run === 'node' ? oneWorker : {} })) || code
  return countRun(run, code)
}

const single = (name, command) => async () => {
  const code = await execute(command)
  say(`${name}: ${code === 0 ? 'passed' : 'FAILED'}`)
  return countCheck(code)
}

/** Every suite in Node, on every backend there; the boundaries of the house; the READMEs' examples. */
export const test = suite('node', suitesInNode)

/**
 * The suites in Node with every property tried 10,000 times, or what `MONGE_RUNS` says, from a seed that is new each
 * time and printed (or `MONGE_SEED`). Of packages, if any are named: `measures costs`.
 */
export const testDeep = async (packages) => {
  const { MONGE_RUNS = '10000', MONGE_SEED = 'random' } = process.env
  // Drawn here, so that all packages share it and turbo, which goes by the environment, takes no old result for new.
  const seed = MONGE_SEED === 'random' ? String(Math.floor(Math.random() * 2 ** 31)) : MONGE_SEED
  const filters = packages.map((name) => `--filter=@monge/${name}`)
  say(`each property ${MONGE_RUNS} times with MONGE_SEED=${seed}`)
  forget('node')
  const code = await execute([...suitesInNode, ...filters], { env: { ...oneWorker, MONGE_RUNS, MONGE_SEED: seed } })
  say(`that was MONGE_RUNS=${MONGE_RUNS} MONGE_SEED=${seed}`)
  return countRun('node', code)
}

/**
 * Changes the sources of the numerical packages, or of those named, one place at a time, and counts which changes their
 * suites notice. `MONGE_MUTANTS=0.1` draws a tenth of the changes.
 */
export const testMutants = async (packages) => {
  const code = await prepare()
  return code || execute([process.execPath, join(root, 'tooling/mutants/src/main.mjs'), ...packages])
}

const chromium = process.env['CHROMIUM_PATH'] || '/usr/bin/chromium'

const inChromium = (step) => async () => {
  if (existsSync(chromium)) return step()
  say(`no Chromium at ${chromium}: on Debian, apt-get install chromium; elsewhere, name one by CHROMIUM_PATH`)
  return countCheck(1)
}

/** The same suites in headless Chromium, on WebGL; then the gallery as its visitors have it. */
export const testBrowser = inChromium(
  suite(
    'browser',
    ['vitest', 'run', '--config', 'tooling/vitest/browser.config.ts'],
    ['pnpm', '--filter', '@monge-examples/gallery', 'run', 'test:e2e'],
  ),
)

/** All that is checked besides. */
export const checks = [
  single('lint', ['oxlint', '--type-aware', '--deny-warnings']),
  single('types of tests', ['turbo', 'run', 'typecheck', '--concurrency=2', '--continue', '--output-logs=errors-only']),
  single('knip', ['knip']),
  single('changesets', ['changeset', 'status']),
  single('runs of properties', [process.execPath, join(root, 'tooling/setup/properties.mjs')]),
  inChromium(suite('check', turboRun('check'))),
]

/** Runs steps in turn; resolves to what they counted together. */
export const inTurn = async (steps) => {
  if ((await prepare()) !== 0) return countCheck(1)
  const counts = []
  for (const step of steps) counts.push(await step())
  return sum(counts)
}
