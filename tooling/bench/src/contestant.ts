import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** What a worker says of one turn. */
export interface Timing {
  /** What a run takes, on end. */
  readonly seconds: number
  /** What it takes right after a pause. */
  readonly rested: number
  readonly value: number | null
  /** The marginal error that was reached, where there is one. */
  readonly error?: number | null
  /** The most memory that the worker's process has had, in bytes. */
  readonly peak: number
}

/** A worker process that runs one problem again and again, when told to. */
export interface Contestant {
  readonly name: string
  readonly run: () => Promise<Timing>
  readonly quit: () => void
}

/**
 * Starts a worker. It is out of the contest, with what it said last, if it ends before its run does, or takes longer than
 * `limit` seconds for one.
 */
export const startContestant = (
  name: string,
  command: string,
  args: readonly string[],
  limit: number,
  environment: Readonly<Record<string, string>> = {},
): Contestant => {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, ...environment } })
  let complaint = ''
  let ended = false
  child.on('error', ({ message }) => {
    complaint = message
    ended = true
  })
  child.on('close', () => {
    ended = true
  })
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2000)
  })
  // A child that has died refuses what is written to it; run() tells of that.
  child.stdin.on('error', () => {})
  const lines = createInterface({ input: child.stdout })
  return {
    name,
    run: () =>
      new Promise((resolve, reject) => {
        const settle = (act: () => void): void => {
          clearTimeout(timer)
          lines.off('line', listen)
          child.off('close', gone)
          act()
        }
        const gone = (): void => settle(() => reject(new Error(lastLine(complaint))))
        const listen = (line: string): void => {
          // Peers may print progress of their own.
          if (line.startsWith('{"seconds"')) settle(() => resolve(JSON.parse(line) as Timing))
        }
        const timer = setTimeout(() => {
          child.kill('SIGKILL')
          settle(() => reject(new Error(`no answer in ${limit} s`)))
        }, limit * 1000)
        if (ended) return gone()
        child.on('close', gone)
        lines.on('line', listen)
        child.stdin.write('run\n')
      }),
    quit: () => {
      child.stdin.end('quit\n')
      child.kill()
    },
  }
}

/** The last line that says something, fit for a table. */
const lastLine = (text: string): string => {
  const lines = text.split('\n').map((line) => line.trim())
  const last = lines.findLast((line) => /\w/.test(line)) ?? 'it ended without a word'
  return last.replaceAll('|', '/').slice(0, 200)
}
