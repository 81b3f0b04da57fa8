import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { limitFor, limits, limitsFile } from './limits.mjs'
import { readmeOf, withLine } from './line.mjs'
import { measure } from './measure.mjs'

/*
 * Writes the size line of every README, and limits for packages that have none (or for all, with `--limits`).
 */

const all = process.argv.includes('--limits')
const sizes = await measure()

for (const { name, folder, bytes } of sizes) {
  console.log(`${name.padEnd(26)} ${String(bytes).padStart(7)} bytes`)
  const readme = readmeOf(folder)
  if (readme !== '') writeFileSync(join(folder, 'README.md'), withLine(readme, bytes))
}

const renewed = Object.fromEntries(
  sizes.map(({ name, bytes }) => [name, all ? limitFor(bytes) : (limits[name] ?? limitFor(bytes))]),
)
writeFileSync(limitsFile, `${JSON.stringify(renewed, null, 2)}\n`)
