import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The root of the workspace. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** One line of progress. It goes to the error stream, so that a command's own output stays clean. */
export const say = (line) => process.stderr.write(`monge: ${line}\n`)

// The workspace's own tools come first. A home is needed for caches, and some machines give none.
const environment = (extra) => {
  const home = join(root, 'node_modules', '.home')
  if (!process.env['HOME']) mkdirSync(home, { recursive: true })
  return {
    ...process.env,
    HOME: process.env['HOME'] || home,
    PATH: [join(root, 'node_modules', '.bin'), process.env['PATH']].join(delimiter),
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    ...extra,
  }
}

const finished = (child) =>
  new Promise((resolve) => {
    child.on('error', (error) => {
      say(error.message)
      resolve(127)
    })
    child.on('exit', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 1)))
  })

/** Runs a program with the terminal handed through; resolves to its exit code. */
export const execute = ([program, ...parameters], { cwd = root, env = {} } = {}) =>
  finished(spawn(program, parameters, { cwd, env: environment(env), stdio: ['inherit', 'inherit', 'inherit'] }))

/** Runs a program in silence; what it had to say is printed only if it fails. */
export const executeQuietly = async (command, { cwd = root, env = {} } = {}) => {
  const [program, ...parameters] = command
  const child = spawn(program, parameters, { cwd, env: environment(env), stdio: ['ignore', 'pipe', 'pipe'] })
  const said = []
  child.stdout.on('data', (chunk) => said.push(chunk))
  child.stderr.on('data', (chunk) => said.push(chunk))
  const code = await finished(child)
  if (code !== 0) process.stderr.write(Buffer.concat(said))
  return code
}
