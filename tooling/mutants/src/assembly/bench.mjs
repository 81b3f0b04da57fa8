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

const finished = (command, parameters, { cwd, env = {}, limit }) =>
  new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd, env: { ...process.env, ...env }, stdio: 'ignore', detached: true })
    let late = false
    const timer = setTimeout(() => {
      late = true
      process.kill(-Number(child.pid), 'SIGKILL')
    }, limit)
    child.on('exit', (code) => {
      clearTimeout(timer)
      resolve(late ? 'late' : code === 0 ? 'passed' : 'failed')
    })
  })

const exportOf = (name, text, binary) => {
  const [line] = readFileSync(join(root, 'packages', name, text), 'utf8').match(/export const \w+/)
  return `${line} = '${binary}'\n`
}

/** Sets up the shadow of a package's assembly. */
export const benchFor = (name) => {
  const { build, text, sources, backends } = modules[name]
  const shadow = join(root, 'tooling/mutants/out/assembly', name)
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
    MONGE_RUNS: process.env['MONGE_RUNS'] ?? '6',
    MONGE_BACKENDS: process.env['MONGE_BACKENDS'] ?? backends,
  }
  let builds = 0
  const vitest = join(root, 'tooling/mutants/node_modules/.bin/vitest')
  const suites = ['run', '--bail=1', '--config', 'tooling/mutants/vitest.config.ts']
  return {
    files: sources.map((source) => `packages/${source}/assembly`),
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
    test: (limit) => finished(vitest, suites, { cwd: root, env, limit }),
  }
}
