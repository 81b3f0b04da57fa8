import { checks, gallery, inTurn, start, test, testBrowser, testDeep, testMutants } from './commands.mjs'
import { line } from './counts.mjs'
import { say } from './execute.mjs'
import { prepare } from './prepare.mjs'

/*
 * What the scripts of the root package.json call. Each command does all the set-up that it needs.
 */

const counted = (steps) => async (parameters) => {
  const total = await inTurn(steps.map((step) => () => step(parameters)))
  console.log(line(total))
  return total.failed > 0 || total.passed === 0 ? 1 : 0
}

const commands = {
  start,
  gallery,
  build: () => prepare(),
  test: counted([test]),
  'test:browser': counted([testBrowser]),
  'test:deep': counted([testDeep]),
  'test:mutants': testMutants,
  check: counted(checks),
  all: counted([...checks, test, testBrowser]),
}

const [name = '', ...parameters] = process.argv.slice(2)
const command = commands[name]
if (command === undefined) {
  say(`no command "${name}" (there are ${Object.keys(commands).join(', ')})`)
  process.exitCode = 2
} else process.exitCode = await command(parameters)
