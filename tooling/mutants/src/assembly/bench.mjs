import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from '../settings.mjs'
import { modules } from './modules.mjs'

/*
 * A shadow of the packages' assembly, in which mutants are compiled, and the package's suites, which get the module from
 * there.
 */

// The limit is of the processor's time, so that a machine that is slow for a while kills none.
const script = 'ulimit -t "$0"; "$@"; status=$?; times >&3; exit $status'
const seconds = (times) =>
  [...(times.trim().split('\n').at(-1) ?? '').matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (total, [, minutes, rest]) => total + 60 * Number(minutes) + Number(rest),
    0,
  )

const finished = (command, parameters, { cwd, env, limit }) =>
  new Promise((resolve) => {
    const child = spawn('bash', ['-c', script, String(Math.ceil(limit)), command, ...parameters], {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    })
    let times = ''
    child.stdio[3].on('data', (text) => (times += String(text)))
    child.on('close', (code, signal) => {
      const late = signal !== null || (code ?? 0) > 128
      resolve({ outcome: late ? 'late' : code === 0 ? 'passed' : 'failed', took: seconds(times) })
    })
  })

const exportOf = (name, text, binary) => {
  const [line] = readFileSync(join(root, 'packages', name, text), 'utf8').match(/export const \w+/)
  return `${line} = '${binary}'\n`
}

/** Sets up a shadow of a package's assembly: one for each `lane` of those that work at once. */
export const benchFor = (name, lane) => {
  const { build, text, sources, backends, nearest } = modules[name]
  const shadow = join(root, 'tooling/mutants/out/assembly', `${name}-${lane}`)
  const at = (...path) => join(shadow, 'packages', ...path)
  rmSync(shadow, { recursive: true, force: true })
  for (const source of readdirSync(join(root, 'packages')).filter((each) => existsSync(join(root, 'packages', each, 'assembly'))))
    cpSync(join(root, 'packages', source, 'assembly'), at(source, 'assembly'), { recursive: true })
  cpSync(join(root, 'packages', name, build), at(name, build))
  symlinkSync(join(root, 'packages', name, 'node_modules'), at(name, 'node_modules'))
  mkdirSync(dirname(at(name, text)), { recursive: true })

  const env = {
    MONGE_MUTANTS_PACKAGE: name,
    MONGE_MUTANTS_TEXT: text,
    MONGE_MUTANTS_SHADOW: at(name, text),
    MONGE_RUNS: process.env['MONGE_RUNS'] ?? '6',
    MONGE_BACKENDS: process.env['MONGE_BACKENDS'] ?? backends,
  }
  let builds = 0
  const vitest = join(root, 'tooling/mutants/node_modules/.bin/vitest')
  const suites = ['run', '--bail=1', '--config', 'tooling/mutants/vitest.config.ts']
  return {
    files: sources.map((source) => `packages/${source}`),
    write: (file, source) => writeFileSync(join(shadow, file), source),
    /** Compiles the shadow's sources; gives the module's text, or nothing where they do not compile. */
    compile: async () => {
      builds += 1
      try {
        // A script of which each import is a new one: it writes the text, or says how to make it.
        const { compile } = await import(`${pathToFileURL(at(name, build)).href}?${builds}`)
        if (compile !== undefined) writeFileSync(at(name, text), exportOf(name, text, await compile()))
        return readFileSync(at(name, text), 'utf8')
      } catch {
        return undefined
      }
    },
    /** Runs the suites nearest to the module, and where they pass, all: how that ended, and the seconds that each took. */
    test: async ([near, whole]) => {
      const first = await finished(vitest, [...suites, ...nearest.map((file) => `packages/${name}/${file}`)], { cwd: root, env, limit: near })
      if (first.outcome !== 'passed' || process.env['MONGE_MUTANTS_NEAREST'] === '1') return { outcome: first.outcome, took: [first.took] }
      const all = await finished(vitest, suites, { cwd: root, env, limit: whole })
      return { outcome: all.outcome, took: [first.took, all.took] }
    },
  }
}
