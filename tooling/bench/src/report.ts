import { cpus, totalmem } from 'node:os'
import { ours } from './contest.js'
import type { Result } from './contest.js'
import { nameOf } from './problem.js'
import type { Problem } from './problem.js'

/** The machine, in words. */
export const machine = (): string => {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim() ?? 'processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
}

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((u, v) => u - v)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

const duration = (seconds: number): string =>
  seconds >= 1 ? `${seconds.toPrecision(3)} s` : `${(seconds * 1000).toPrecision(3)} ms`

const memory = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`

/** One contest as a table: who took how long, relative to us, how exact, in how much memory. */
export const tableOf = (problem: Problem, results: readonly Result[]): string => {
  const mine = results.find(({ name }) => name === ours)
  const rows = results.map((result) => rowOf(result, mine))
  return [
    `### ${nameOf(problem)}`,
    '',
    '| | median | spread | times ours | marginal error | peak memory |',
    '| --- | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}

const rowOf = ({ name, timings, failure }: Result, mine: Result | undefined): string => {
  if (timings.length === 0) return `| ${name} | — | | | | ${failure ?? 'no runs'} |`
  const seconds = timings.map((timing) => timing.seconds)
  const last = timings[timings.length - 1]
  // Round by round, so that a slow minute of the machine counts for neither.
  const ratios = seconds.flatMap((value, round) => {
    const own = mine?.timings[round]
    return own === undefined ? [] : [value / own.seconds]
  })
  const cells = [
    name,
    duration(median(seconds)),
    `${duration(Math.min(...seconds))} – ${duration(Math.max(...seconds))}`,
    name === ours || ratios.length === 0 ? '' : median(ratios).toPrecision(3),
    last.error === null || last.error === undefined ? '' : last.error.toExponential(1),
    memory(last.peak),
  ]
  return `| ${cells.join(' | ')} |`
}
