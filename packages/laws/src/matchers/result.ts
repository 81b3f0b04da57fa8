/** What vitest and jest take from a matcher. */
export interface MatchResult {
  readonly pass: boolean
  readonly message: () => string
}

/** The result of a comparison that found this fault, or none. */
export const matched = (what: string, fault: string | undefined): MatchResult => ({
  pass: fault === undefined,
  message: () => (fault === undefined ? `expected anything but ${what}` : `expected ${what}: ${fault}`),
})
