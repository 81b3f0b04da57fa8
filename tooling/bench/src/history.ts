import { requestOf, usage } from './arguments.js'
import { compete } from './contest.js'
import { machine, tableOf } from './report.js'

/* `pnpm bench [CONTEST ...]`: the same problems, us alone. */

try {
  const { contests, effort } = requestOf(process.argv.slice(2))
  console.log(`${machine()}\n`)
  for (const match of contests) console.log(tableOf(match.problem, await compete({ ...match, peers: [] }, '', effort)))
} catch (error) {
  console.error(`${error instanceof Error ? error.message : String(error)}\nusage: bench ${usage}`)
  process.exitCode = 2
}
