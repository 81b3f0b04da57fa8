import { givenRuns, selectedBackends } from './settings.ts'

/**
 * How often a property is tried: `count` times, or what `MONGE_RUNS` says. WebGL runs in software here and is slow, so
 * there it is a fifth, and at least five (or `count`, if that is less).
 */
export const runs = (count: number): number =>
  givenRuns ??
  (selectedBackends.some((name) => name.startsWith('webgl'))
    ? Math.min(count, Math.max(5, Math.ceil(count / 5)))
    : count)
