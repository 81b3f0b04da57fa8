export { isMongeError, mongeError } from './error.js'
export type { ErrorTag, MongeError } from './error.js'
export {
  requireBetween,
  requireFinite,
  requireInteger,
  requireKnownKeys,
  requireNonNegative,
  requireOneOf,
  requirePositive,
} from './require.js'
