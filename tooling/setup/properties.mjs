import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root, say } from './execute.mjs'

/*
 * Every property of every suite is tried a hundred times, or says why not: `runs(20, 'why')`, or, where a number stands
 * by itself, a comment `// Fewer runs: why` above it.
 */

const { fewest } = JSON.parse(readFileSync(join(root, 'tooling/testing/src/runs.json'), 'utf8'))

const isSuite = (path) => path.endsWith('.test.ts') && !/(^|\/)(node_modules|dist|out)\//.test(path)

const below = (folder) =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (!entry.isDirectory()) return isSuite(path) ? [path] : []
    return entry.name === 'node_modules' ? [] : below(path)
  })

const faultsOf = (file) => {
  const lines = readFileSync(join(root, file), 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    const counts = [...line.matchAll(/\bruns\((\d+)\)|\bnumRuns: (\d+)/g)].map(([, asked, given]) => Number(asked ?? given))
    const explained = lines.slice(Math.max(0, index - 2), index).some((above) => /\/\/ Fewer runs: \S/.test(above))
    return counts.some((count) => count < fewest) && !explained ? [`${file}:${index + 1}: ${line.trim()}`] : []
  })
}

const files = ['packages', 'examples', 'tooling'].flatMap(below)
const faults = files.flatMap(faultsOf)
for (const fault of faults) say(fault)
if (faults.length > 0) say(`each of these is tried fewer than ${fewest} times, and says no reason (see tooling/setup/properties.mjs)`)
if (files.length === 0) say('no suites found')
process.exitCode = faults.length > 0 || files.length === 0 ? 1 : 0
