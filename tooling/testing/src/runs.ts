import { givenRuns, selectedBackends } from './settings.ts'
import settings from './runs.json' with { type: 'json' }

/** The fewest runs of a property that need no reason; `npm run check` reads them there, too. */
const { fewest } = settings

/**
 * How often a property is tried: `count` times, or what `MONGE_RUNS` says. Who asks for fewer than a hundred says why.
 * WebGL runs in software here and is slow, so there it is a fifth, and at least five (or `count`, if that is less).
 */
export const runs = (count: number, because = ''): number => {
  if (count < fewest && because === '')
    throw new Error(`runs(${count}): a property is tried ${fewest} times, or runs(${count}, 'why it is tried fewer times')`)
  return (
    givenRuns ??
    (selectedBackends.some((name) => name.startsWith('webgl'))
      ? Math.min(count, Math.max(5, Math.ceil(count / 5)))
      : count)
  )
}
