import { mongeError } from '@monge/errors'
import { compensatedSum } from './compensated.js'

/** How much two total masses may differ, relatively: what weights in float32 come to. */
const roundingOfMasses = 1e-6

/** `b` scaled to the total mass of `a`; the totals must agree to within 1e-6 of them. */
export const balanced = (where: string, a: Float64Array, b: Float64Array): Float64Array => {
  const [total, other] = [compensatedSum(a), compensatedSum(b)]
  if (!(Math.abs(total - other) <= roundingOfMasses * Math.max(total, other)))
    throw mongeError('MassMismatch', where, `total masses are ${total} and ${other}; for partial transport give \`partial\``)
  return total === other ? b : b.map((weight) => weight * (total / other))
}
