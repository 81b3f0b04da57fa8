/*
 * How many mutants a package's suites kill, as Stryker counts: those that run out of time are killed, those that no test
 * reaches are not, those that cannot be loaded do not count.
 */

const count = (mutants, ...statuses) => mutants.filter(({ status }) => statuses.includes(status)).length

/** Wilson's interval of 95 % for a share of which `hits` of `tries` are seen. */
export const interval = (hits, tries) => {
  const z = 1.959964
  const centre = (hits + z ** 2 / 2) / (tries + z ** 2)
  const half = (z / (tries + z ** 2)) * Math.sqrt((hits * (tries - hits)) / tries + z ** 2 / 4)
  return [Math.max(0, centre - half), Math.min(1, centre + half)]
}

export const score = (mutants) => {
  const killed = count(mutants, 'Killed', 'Timeout')
  const survived = count(mutants, 'Survived')
  const unreached = count(mutants, 'NoCoverage')
  return { killed, survived, unreached, tried: killed + survived + unreached }
}

const percent = (share) => `${(100 * share).toFixed(0)} %`

/** The header and a package's row of the table of scores. */
export const header = [
  '| package | mutants | tried | killed | survived | not reached | score | 95 % interval |',
  '| --- | --- | --- | --- | --- | --- | --- | --- |',
]

export const row = (name, all, drawn) => {
  const { killed, survived, unreached, tried } = score(drawn)
  const [low, high] = interval(killed, tried)
  const whole = all === drawn.length ? '(all)' : `${percent(low)} to ${percent(high)}`
  return `| ${[name, all, tried, killed, survived, unreached, percent(killed / tried), whole].join(' | ')} |`
}

const textOf = (source, { start, end }) => {
  const lines = source.split('\n').slice(start.line - 1, end.line)
  const last = lines.length - 1
  return lines
    .map((line, index) => line.slice(index === 0 ? start.column - 1 : 0, index === last ? end.column - 1 : undefined))
    .join(' ')
    .replaceAll(/\s+/g, ' ')
}

const shortened = (text) => (text.length > 100 ? `${text.slice(0, 97)}...` : text)

/** One line for a mutant that was not killed: where, what, and what it became. */
export const survivor = ({ file, location, source, status, mutatorName, replacement }) =>
  `${file}:${location.start.line}:${location.start.column} ${status === 'NoCoverage' ? '(not reached) ' : ''}` +
  `${mutatorName}: ${shortened(textOf(source, location))} -> ${shortened((replacement ?? '').replaceAll(/\s+/g, ' '))}`
