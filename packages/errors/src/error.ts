/** What went wrong, as a word that a program can switch on. */
export type ErrorTag =
  | 'InvalidOption'
  | 'InvalidArgument'
  | 'InvalidMeasure'
  | 'DimensionMismatch'
  | 'MassMismatch'
  | 'Diverged'
  | 'Aborted'
  | 'BackendUnavailable'
  | 'BackendFailure'

/**
 * The error that every public function throws when it is given what it cannot use.
 *
 * `tag` says what kind of fault it is, `where` names the function (or option) that found it, `message` says both in a
 * sentence together with the offending value.
 */
export interface MongeError extends Error {
  readonly name: 'MongeError'
  readonly tag: ErrorTag
  readonly where: string
}

/**
 * Makes a typed error, to be thrown or to be returned in an `Either`.
 *
 * @param tag what kind of fault it is
 * @param where the function or option that found it, as the caller wrote it: `sinkhornDivergence: blur`
 * @param what the fault in words, with the offending value
 */
export const mongeError = (tag: ErrorTag, where: string, what: string, cause?: unknown): MongeError => {
  const error = new Error(`${where}: ${what}`, cause === undefined ? undefined : { cause })
  return Object.assign(error, { name: 'MongeError' as const, tag, where })
}

/** Whether a caught value is one of our typed errors. */
export const isMongeError = (value: unknown): value is MongeError =>
  value instanceof Error && value.name === 'MongeError' && 'tag' in value
