import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join(import.meta.dirname, '..')

/**
 * A Python that has the peers: the one that `MONGE_PEERS_PYTHON` names, or one in a folder of our own, made at the first
 * run and made anew when the requirements change. A peer that cannot be installed is missing from the contests; the
 * others are there.
 */
export const peersPython = (): string => {
  const given = process.env['MONGE_PEERS_PYTHON']
  if (given !== undefined) return given
  const environment = join(folder, 'out', 'peers')
  const interpreter = join(environment, 'bin', 'python')
  const stamp = join(environment, 'installed.txt')
  const requirements = readFileSync(join(folder, 'requirements.txt'), 'utf8')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === requirements) return interpreter
  console.log('making a Python environment for the peers (once)')
  rmSync(environment, { recursive: true, force: true })
  mkdirSync(environment, { recursive: true })
  const install = (...what: readonly string[]): boolean =>
    succeeds(interpreter, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...what])
  if (!succeeds('python3', ['-m', 'venv', environment])) console.error('no Python here: the peers will be missing')
  else if (install('-r', join(folder, 'requirements.txt'))) writeFileSync(stamp, requirements)
  else
    for (const line of requirements.trim().split('\n'))
      if (!install(line)) console.error(`could not install ${line}: it will be missing`)
  return interpreter
}

const succeeds = (command: string, args: readonly string[]): boolean => {
  try {
    execFileSync(command, args, { stdio: 'inherit' })
    return true
  } catch {
    return false
  }
}
