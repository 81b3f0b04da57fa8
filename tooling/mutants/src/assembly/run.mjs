import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { identity } from '../draw.mjs'
import { draw, mutantsOf, readReport, reportFile, root } from '../settings.mjs'
import { benchFor } from './bench.mjs'
import { mutantsIn, mutated } from './mutate.mjs'

/*
 * Mutates a package's AssemblyScript: compiles each mutant that is drawn, and runs the package's suites with it. Those
 * that do not compile, or compile to the same module, do not count.
 */

const outcome = { passed: 'Survived', failed: 'Killed', late: 'Timeout' }

const sourcesIn = (folders) =>
  folders.flatMap((folder) => readdirSync(join(root, folder)).map((file) => `${folder}/${file}`)).toSorted()

/** Runs the mutants of `name`'s assembly, and writes the report; resolves to an exit status. */
export const runAssembly = async (name, { label, again }) => {
  const bench = benchFor(name)
  const text = await bench.compile()
  const start = Date.now()
  if (text === undefined || (await bench.test(3_600_000)) !== 'passed') {
    console.error(`${label}: the suites fail before any mutant`)
    return 1
  }
  const limit = 150_000 + 3 * (Date.now() - start)
  const files = {}
  for (const file of sourcesIn(bench.files)) {
    const source = readFileSync(join(root, file), 'utf8')
    files[file] = { language: 'typescript', source, mutants: await mutantsIn(file, source) }
  }
  const drawn = draw(label)(mutantsOf({ files }).map(({ key }) => key))
  const before = new Map(
    again ? mutantsOf(readReport(reportFile(label, '.before'))).map(({ key, status }) => [key, status]) : [],
  )
  const judge = async (file, source, mutant) => {
    bench.write(file, mutated(source, mutant))
    const built = await bench.compile()
    const status = built === undefined || built === text ? 'CompileError' : outcome[await bench.test(limit)]
    bench.write(file, source)
    return status
  }
  let tried = 0
  for (const [file, { source, mutants }] of Object.entries(files))
    for (const mutant of mutants) {
      const key = identity(file, mutant)
      mutant.status = drawn.has(key) ? await judge(file, source, mutant) : (before.get(key) ?? 'Ignored')
      if (drawn.has(key)) console.log(`${++tried}/${drawn.size} ${key.replaceAll(/\s+/g, ' ')}: ${mutant.status}`)
    }
  mkdirSync(dirname(reportFile(label)), { recursive: true })
  writeFileSync(reportFile(label), JSON.stringify({ schemaVersion: '1.0', thresholds: { high: 85, low: 60 }, files }))
  return 0
}
