import { spawn } from 'node:child_process'
import { copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { modules } from './assembly/modules.mjs'
import { runAssembly } from './assembly/run.mjs'
import { identity } from './draw.mjs'
import { packages } from './packages.mjs'
import { header, row, survivor } from './score.mjs'
import { draw, mutantsOf, readReport, reportFile, root } from './settings.mjs'

/*
 * Mutates the packages that are named, or all that compute, one after another; prints a table of scores and the mutants
 * that their suites let live. `exact/assembly` is the WebAssembly of `exact`.
 */

const stryker = join(root, 'tooling/mutants/node_modules/.bin/stryker')
const { MONGE_BACKENDS, MONGE_RUNS = '6', MONGE_MUTANTS } = process.env
const again = MONGE_MUTANTS === 'survivors'

const run = (name) =>
  new Promise((resolve) => {
    const env = {
      ...process.env,
      MONGE_MUTANTS_PACKAGE: name,
      MONGE_RUNS,
      MONGE_BACKENDS: MONGE_BACKENDS ?? packages[name] ?? 'reference',
    }
    const child = spawn(stryker, ['run', 'tooling/mutants/stryker.config.mjs'], { cwd: root, env, stdio: 'inherit' })
    child.on('error', () => resolve(127))
    child.on('exit', (code) => resolve(code ?? 1))
  })

/**
 * Writes the report: mutants outside of the sample are marked as such, and what was tried again goes into the report
 * that it was drawn from.
 */
const write = (name, drawFrom) => {
  const report = readReport(reportFile(name))
  const fresh = new Map(mutantsOf(report).map(({ key, status }) => [key, status]))
  const before = again ? readReport(reportFile(name, '.before')) : report
  const drawn = drawFrom(mutantsOf(before).map(({ key }) => key))
  const statusOf = (key, old) => {
    if (drawn.has(key)) return fresh.get(key) ?? old
    return again ? old : 'Ignored'
  }
  const files = Object.entries(before.files).map(([file, content]) => [
    file,
    {
      ...content,
      mutants: content.mutants.map((mutant) => ({ ...mutant, status: statusOf(identity(file, mutant), mutant.status) })),
    },
  ])
  writeFileSync(reportFile(name), JSON.stringify({ ...before, files: Object.fromEntries(files) }))
}

const all = [...Object.keys(packages), ...Object.keys(modules).map((name) => `${name}/assembly`)]
const names = process.argv.length > 2 ? process.argv.slice(2) : all

const mutate = async (name) => {
  if (name.endsWith('/assembly')) return runAssembly(name.replace('/assembly', ''), { label: name, again })
  const code = await run(name)
  if (code === 0) write(name, draw(name))
  return code
}

const rows = []
const survivors = []
for (const name of names) {
  if (existsSync(reportFile(name))) copyFileSync(reportFile(name), reportFile(name, '.before'))
  if ((await mutate(name)) !== 0) {
    process.exitCode = 1
    continue
  }
  const mutants = mutantsOf(readReport(reportFile(name)))
  const drawn = mutants.filter(({ status }) => status !== 'Ignored')
  rows.push(row(name, mutants.length, drawn))
  survivors.push(...drawn.filter(({ status }) => status === 'Survived' || status === 'NoCoverage').map(survivor))
}
console.log([...survivors, '', ...header, ...rows].join('\n'))
