import { parseArgs } from 'node:util'
import type { Effort, Match } from './contest.js'
import { matches } from './matches.js'

/** What a command line asks for. */
export interface Request {
  readonly contests: readonly Match[]
  readonly effort: Effort
  /** Whether all contests were asked for. */
  readonly whole: boolean
  readonly output: string | undefined
}

export const usage: string = `[CONTEST ...] [--largest N] [--without CONTEST] [--rounds R] [--seconds S] [--limit S] [--output FILE]
contests: ${Object.keys(matches).join(', ')}
--largest   only problems of at most so many points
--without   all but this contest; may be repeated
--rounds    the most rounds that count (7)
--seconds   after so many seconds of counting no further round is begun (12)
--limit     the most seconds for one answer (60)
--output    where to write the page`

/** Reads a command line; throws an Error that says what is wrong with it. */
export const requestOf = (args: readonly string[]): Request => {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      largest: { type: 'string' },
      without: { type: 'string', multiple: true },
      rounds: { type: 'string' },
      seconds: { type: 'string' },
      limit: { type: 'string' },
      output: { type: 'string' },
    },
  })
  const without = values.without ?? []
  const unknown = [...positionals, ...without].find((name) => !(name in matches))
  if (unknown !== undefined) throw new Error(`no contest "${unknown}"`)
  const largest = numberOf('largest', values.largest, Infinity)
  const contests = Object.entries(matches)
    .filter(([name]) => (positionals.length === 0 || positionals.includes(name)) && !without.includes(name))
    .flatMap(([, list]) => list)
    .filter(({ problem }) => problem.n <= largest)
  return {
    contests,
    effort: {
      rounds: numberOf('rounds', values.rounds, 7),
      seconds: numberOf('seconds', values.seconds, 12),
      limit: numberOf('limit', values.limit, 60),
    },
    whole: contests.length === Object.values(matches).flat().length,
    output: values.output,
  }
}

const numberOf = (name: string, text: string | undefined, otherwise: number): number => {
  const value = text === undefined ? otherwise : Number(text)
  if (!(value > 0)) throw new Error(`--${name}: expected a positive number, got "${text}"`)
  return value
}
