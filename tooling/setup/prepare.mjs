import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { executeQuietly, root, say } from './execute.mjs'

const stamp = join(root, 'node_modules', '.installed')
const localPnpm = join(root, 'node_modules', '.bin', 'pnpm')

// What decides what is installed.
const wanted = () => {
  const hash = createHash('sha256')
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json']) hash.update(readFileSync(join(root, file)))
  return hash.digest('hex')
}

/** The workspace's pnpm, or, before there is one, npm's way to fetch the version that package.json names. */
const pnpm = () => {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return existsSync(localPnpm) ? [localPnpm] : ['npx', '--yes', packageManager]
}

/** Installs what the lockfile says, unless that is done. Asks the network for nothing if it is. */
const install = async () => {
  const hash = wanted()
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return 0
  say('installing packages (once)')
  const command = [...pnpm(), 'install', '--frozen-lockfile', '--prefer-offline']
  const code = await executeQuietly(command, { env: { CI: 'true' } })
  if (code === 0) writeFileSync(stamp, hash)
  return code
}

/** Builds the packages that changed: all of them, or what `filter` needs. */
const build = (filter) => {
  say('building')
  const only = filter === undefined ? [] : ['--filter', filter]
  return executeQuietly(['turbo', 'run', 'build', '--concurrency=2', '--output-logs=errors-only', ...only])
}

/** Installs and builds, quietly unless something fails; resolves to the exit code. */
export const prepare = async (filter) => (await install()) || build(filter)
