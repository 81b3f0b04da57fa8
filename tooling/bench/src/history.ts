import { compete } from './contest.js'
import { matches } from './matches.js'
import { machine, tableOf } from './report.js'

/* `pnpm bench [NAME ...]`: the same problems, us alone. */

const names = process.argv.slice(2)
console.log(`${machine()}\n`)
for (const [name, contests] of Object.entries(matches)) {
  if (names.length > 0 && !names.includes(name)) continue
  for (const { problem } of contests) console.log(tableOf(problem, await compete({ problem, peers: [] }, '', 9)))
}
