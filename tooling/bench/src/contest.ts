import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startContestant } from './contestant.js'
import type { Timing } from './contestant.js'
import { writeProblem } from './problem.js'
import type { Problem } from './problem.js'

/** A problem, and by which methods we and the peers may solve it. */
export interface Match {
  readonly problem: Problem
  readonly peers: readonly string[]
  /** Methods of ours beside the default one. */
  readonly others?: readonly string[]
  /** One run that is not warmed up: for what takes minutes. */
  readonly once?: true
}

/** What came of one contestant: its runs, or why there are none. */
export interface Result {
  readonly name: string
  readonly timings: readonly Timing[]
  readonly failure?: string
}

/** How long to go on. */
export interface Effort {
  /** The most rounds that count. */
  readonly rounds: number
  /** After so many seconds no further round is begun. */
  readonly seconds: number
  /** The most seconds for one answer, the first with all that has to be made ready; who needs longer is out. */
  readonly limit: number
}

export const ours = 'monge'

/** A contest's limit where its one run takes minutes. */
const longLimit = 1800

/** KeOps compiles into a cache that, once broken, stays so; it gets a new one each time. */
const freshCaches = (folder: string): Readonly<Record<string, string>> => ({ KEOPS_CACHE_FOLDER: join(folder, 'keops') })

/**
 * Runs us and the peers in turn, one run each a round, after one round that is not counted: what the machine does
 * meanwhile happens to all alike. Whoever fails is out, and the others go on.
 */
export const compete = async (match: Match, python: string, effort: Effort): Promise<readonly Result[]> => {
  const { problem, peers, others = [], once = false } = match
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  writeProblem(folder, problem)
  const worker = join(import.meta.dirname, 'worker.js')
  const script = join(import.meta.dirname, '..', 'peers.py')
  const limit = once ? longLimit : effort.limit
  const rounds = once ? 1 : effort.rounds
  const contestants = [
    startContestant(ours, process.execPath, [worker, folder, ...(once ? ['--cold'] : [])], limit),
    ...others.map((method) => startContestant(`${ours}-${method}`, process.execPath, [worker, folder, method], limit)),
    ...peers.map((peer) => startContestant(peer, python, [script, folder, peer], limit, freshCaches(folder))),
  ]
  const results = new Map<string, Result>(contestants.map(({ name }) => [name, { name, timings: [] }]))
  let begun = performance.now()
  for (let round = once ? 1 : 0; round <= rounds; round++) {
    if (round === 1) begun = performance.now()
    for (const { name, run } of contestants) {
      const result = results.get(name)
      if (result === undefined || result.failure !== undefined) continue
      try {
        const timing = await run()
        if (round > 0) results.set(name, { name, timings: [...result.timings, timing] })
      } catch (error) {
        results.set(name, { ...result, failure: error instanceof Error ? error.message : String(error) })
      }
    }
    if (round > 0 && performance.now() - begun > effort.seconds * 1000) break
  }
  contestants.forEach(({ quit }) => quit())
  rmSync(folder, { recursive: true })
  return [...results.values()]
}
