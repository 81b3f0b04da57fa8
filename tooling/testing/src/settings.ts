/*
 * What a run is told from outside. The test runner's configuration puts these into its environment, which reads the
 * same in Node and in a browser.
 */

interface Settings {
  readonly MONGE_BACKENDS?: string
  readonly MONGE_RUNS?: string
  readonly MONGE_SEED?: string
}

declare global {
  interface ImportMeta {
    readonly env: Settings
  }
}

// The transform of the test runner finds `import.meta.env` by its spelling.
const settings: Settings = import.meta.env

/** The backends that suites run on, by name. */
export const selectedBackends: readonly string[] = (settings.MONGE_BACKENDS ?? '').split(',').filter((name) => name !== '')

/** The number of runs of every property, if it is given. */
export const givenRuns: number | undefined = settings.MONGE_RUNS ? Number(settings.MONGE_RUNS) : undefined

/** The seed of every property. */
export const seed: number = Number(settings.MONGE_SEED ?? 0)
