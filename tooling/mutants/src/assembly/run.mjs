import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { identity } from '../draw.mjs'
import { atOnce, draw, mutantsOf, readReport, reportFile, root } from '../settings.mjs'
import { benchFor } from './bench.mjs'
import { mutantsIn, mutated } from './mutate.mjs'

/*
 * Mutates a package's AssemblyScript: compiles each mutant that is drawn, and runs the package's suites with it. Those
 * that do not compile, or compile to the same module, do not count.
 */

const outcomes = { passed: 'Survived', failed: 'Killed', late: 'Timeout' }

const sourcesIn = (paths) =>
  paths
    .flatMap((path) =>
      path.endsWith('.ts') ? [path] : readdirSync(join(root, path), { recursive: true }).map((file) => `${path}/${file}`),
    )
    .filter((file) => file.endsWith('.ts'))
    .toSorted()

/** Runs the mutants of `name`'s assembly, and writes the report; resolves to an exit status. */
export const runAssembly = async (name, { label, again }) => {
  const benches = Array.from({ length: atOnce }, (_, lane) => benchFor(name, lane))
  const [bench] = benches
  const text = await bench.compile()
  const { outcome: sound, took } = text === undefined ? { outcome: 'failed' } : await bench.test([3600, 3600])
  if (sound !== 'passed') {
    console.error(`${label}: the suites fail before any mutant`)
    return 1
  }
  const limits = took.map((seconds) => 10 + 2 * seconds)
  const files = {}
  for (const file of sourcesIn(bench.files)) {
    const source = readFileSync(join(root, file), 'utf8')
    files[file] = { language: 'typescript', source, mutants: await mutantsIn(file, source) }
  }
  const drawn = draw(label)(mutantsOf({ files }).map(({ key }) => key))
  const before = new Map(
    again ? mutantsOf(readReport(reportFile(label, '.before'))).map(({ key, status }) => [key, status]) : [],
  )
  const judge = async ({ write, compile, test }, file, source, mutant) => {
    write(file, mutated(source, mutant))
    const built = await compile()
    const status = built === undefined || built === text ? 'CompileError' : outcomes[(await test(limits)).outcome]
    write(file, source)
    return status
  }
  const all = Object.entries(files).flatMap(([file, { source, mutants }]) =>
    mutants.map((mutant) => ({ file, source, mutant, key: identity(file, mutant) })),
  )
  for (const { mutant, key } of all) mutant.status = before.get(key) ?? 'Ignored'
  const waiting = all.filter(({ key }) => drawn.has(key))
  let tried = 0
  const work = async (lane) => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { file, source, mutant, key } = next
      mutant.status = await judge(lane, file, source, mutant)
      console.log(`${++tried}/${drawn.size} ${key.replaceAll(/\s+/g, ' ')}: ${mutant.status}`)
    }
  }
  await Promise.all(benches.map(work))
  mkdirSync(dirname(reportFile(label)), { recursive: true })
  writeFileSync(reportFile(label), JSON.stringify({ schemaVersion: '1.0', thresholds: { high: 85, low: 60 }, files }))
  return 0
}
