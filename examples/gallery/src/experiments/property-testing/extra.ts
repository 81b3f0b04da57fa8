/** What became of a law in a version: still to be tried, held in every case, broken in one. */
export type Verdict = 'untried' | 'held' | 'broken'

export interface Broken {
  readonly version: string
  readonly law: string
  readonly what: string
  readonly counterexample: string
}

/** The table so far. */
export interface Extra {
  readonly laws: readonly string[]
  /** Their names, and a verdict for each law. */
  readonly versions: readonly { readonly name: string; readonly verdicts: readonly Verdict[] }[]
  /** All that was found, the latest last. */
  readonly broken: readonly Broken[]
}
