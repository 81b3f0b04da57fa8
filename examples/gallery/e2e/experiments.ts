import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page as ExperimentPage, Run } from '../src/experiment.ts'

const folder = fileURLToPath(new URL('../src/experiments', import.meta.url))

/** The experiments that have a page, by their folders. */
export const ids: readonly string[] = readdirSync(folder)
  .filter((id) => existsSync(`${folder}/${id}/page.ts`))
  .toSorted()

export interface Experiment {
  readonly page: ExperimentPage
  readonly run: Run
}

/** The very code that the site is built of, in Node. */
export const experiment = async (id: string): Promise<Experiment> => {
  const [{ page }, { run }] = (await Promise.all([
    import(`../src/experiments/${id}/page.ts`),
    import(`../src/experiments/${id}/run.ts`),
  ])) as [{ readonly page: ExperimentPage }, { readonly run: Run }]
  return { page, run }
}
