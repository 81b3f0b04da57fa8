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

/** Round by round, so that a slow minute of the machine counts for neither. */
const timesOurs = (
  { timings }: Result,
  mine: Result | undefined,
  which: 'seconds' | 'rested' = 'seconds',
): number | undefined => {
  const ratios = timings.flatMap((timing, round) => {
    const own = mine?.timings[round]
    return own === undefined ? [] : [timing[which] / own[which]]
  })
  return ratios.length === 0 ? undefined : median(ratios)
}

const drawnAnew: readonly string[] = ['langevin', 'training']

/** Whether another answer than ours came out of a problem that has one: such speed does not count. */
const differs = (problem: Problem, { timings }: Result, mine: Result | undefined): boolean => {
  const [own, other] = [mine?.timings.at(-1)?.value, timings.at(-1)?.value]
  if (drawnAnew.includes(problem.kind) || typeof own !== 'number' || typeof other !== 'number') return false
  return Math.abs(other - own) > 1e-4 * Math.abs(own)
}

const isOurs = ({ name }: Result): boolean => name === ours || name.startsWith(`${ours}-`)

/** One contest as a table: who took how long, relative to us, how exact, in how much memory. */
export const tableOf = (problem: Problem, results: readonly Result[]): string => {
  const mine = results.find(({ name }) => name === ours)
  const rows = results.map((result) => rowOf(result, mine, differs(problem, result, mine)))
  return [
    `### ${nameOf(problem)}`,
    '',
    '| | median | spread | times ours | after a pause | value | error | peak memory |',
    '| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows,
    '',
  ].join('\n')
}

const rowOf = (result: Result, mine: Result | undefined, other: boolean): string => {
  const { name, timings, failure } = result
  if (timings.length === 0) return `| ${name} | ${failure ?? 'no runs'} | | | | | | |`
  const seconds = timings.map((timing) => timing.seconds)
  const last = timings[timings.length - 1]
  const cells = [
    name,
    duration(median(seconds)),
    `${duration(Math.min(...seconds))} – ${duration(Math.max(...seconds))}`,
    name === ours ? '' : (timesOurs(result, mine)?.toPrecision(3) ?? ''),
    name === ours ? '' : (timesOurs(result, mine, 'rested')?.toPrecision(3) ?? ''),
    last.value === null ? '' : `${last.value.toPrecision(7)}${other ? ' (not ours)' : ''}`,
    last.error === null || last.error === undefined ? '' : last.error.toExponential(1),
    memory(last.peak),
  ]
  return `| ${cells.join(' | ')} |`
}

/** The fastest of the peers that gave our answer in each contest, relative to us: what is below 1 is lost. */
export const summaryOf = (contests: readonly (readonly [Problem, readonly Result[]])[]): string => {
  const rows = contests.map(([problem, results]) => {
    const own = results.filter((result) => isOurs(result) && result.timings.length > 0)
    const medianOf = (result: Result): number => median(result.timings.map(({ seconds }) => seconds))
    const fastest = own.toSorted((u, v) => medianOf(u) - medianOf(v))[0]
    const counts = (result: Result): boolean => result.timings.length > 0 && !differs(problem, result, fastest)
    const peers = results.filter((result) => !isOurs(result) && counts(result))
    const ratios = peers.map((peer) => ({
      name: peer.name,
      ratio: timesOurs(peer, fastest) ?? Number.NaN,
      rested: timesOurs(peer, fastest, 'rested') ?? Number.NaN,
    }))
    const best = ratios.toSorted((u, v) => u.ratio - v.ratio)[0]
    const verdict = fastest === undefined ? 'we failed' : best === undefined ? 'no peer' : best.ratio < 1 ? '**lost**' : 'won'
    const cells = [nameOf(problem), fastest?.name ?? '', best?.name ?? '', best?.ratio.toPrecision(3) ?? '', best?.rested.toPrecision(3) ?? '', verdict]
    return `| ${cells.join(' | ')} |`
  })
  return [
    '| contest | our fastest | fastest peer | times ours | after a pause | |',
    '| --- | --- | --- | ---: | ---: | --- |',
    ...rows,
    '',
  ].join('\n')
}
