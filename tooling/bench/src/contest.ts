import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startContestant } from './contestant.js'
import type { Timing } from './contestant.js'
import { writeProblem } from './problem.js'
import type { Problem } from './problem.js'

/** A problem, and by which methods the peers may solve it. */
export interface Match {
  readonly problem: Problem
  readonly peers: readonly string[]
}

/** What came of one contestant: its runs, or why there are none. */
export interface Result {
  readonly name: string
  readonly timings: readonly Timing[]
  readonly failure?: string
}

export const ours = 'monge'

/** The most seconds for one run; who needs longer is out. */
const limit = 300

/** The seconds after which no further round is begun. */
const enough = 60

/**
 * Runs us and the peers in turn, one run each a round, after one round that is not counted: what the machine does
 * meanwhile happens to all alike.
 */
export const compete = async ({ problem, peers }: Match, python: string, rounds: number): Promise<readonly Result[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'))
  writeProblem(folder, problem)
  const worker = join(import.meta.dirname, 'worker.js')
  const script = join(import.meta.dirname, '..', 'peers.py')
  const contestants = [
    startContestant(ours, process.execPath, [worker, folder], limit),
    ...peers.map((peer) => startContestant(peer, python, [script, folder, peer], limit)),
  ]
  const results = new Map<string, Result>(contestants.map(({ name }) => [name, { name, timings: [] }]))
  const begun = performance.now()
  for (let round = 0; round <= rounds; round++) {
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
    if (round > 2 && performance.now() - begun > enough * 1000) break
  }
  contestants.forEach(({ quit }) => quit())
  rmSync(folder, { recursive: true })
  return [...results.values()]
}
