import type { Monoid } from 'fp-ts/lib/Monoid.js'
import type { Semigroup } from 'fp-ts/lib/Semigroup.js'
import { add, zero } from './algebra.js'
import type { Loss } from './loss.js'

/** Losses under addition, for fp-ts. Associative and commutative up to rounding. */
export const semigroup: Semigroup<Loss> = { concat: (left, right) => add(right)(left) }

/** Losses under addition with `zero`, for fp-ts. */
export const monoid: Monoid<Loss> = { ...semigroup, empty: zero }
