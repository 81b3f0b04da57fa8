import { mongeError } from '@monge/errors'
import { naturalLogarithm } from './logarithm.js'

/*
 * Algorithm AS 241 (PPND16): M. J. Wichura, 'The percentage points of the normal distribution', Applied Statistics 37
 * (1988) 477-484. Quotients of polynomials, relative error about 1e-16. Coefficients from the highest power down.
 */

type Coefficients = readonly number[]

const centre: readonly [Coefficients, Coefficients] = [
  [
    2509.0809287301227,
    33430.57558358813,
    67265.7709270087,
    45921.95393154987,
    13731.69376550946,
    1971.5909503065513,
    133.14166789178438,
    3.3871328727963665,
  ],
  [
    5226.495278852546,
    28729.085735721943,
    39307.89580009271,
    21213.794301586597,
    5394.196021424751,
    687.1870074920579,
    42.31333070160091,
    1,
  ],
]

const shoulder: readonly [Coefficients, Coefficients] = [
  [
    0.0007745450142783414,
    0.022723844989269184,
    0.2417807251774506,
    1.2704582524523684,
    3.6478483247632045,
    5.769497221460691,
    4.630337846156546,
    1.4234371107496835,
  ],
  [
    1.0507500716444169e-9,
    0.0005475938084995345,
    0.015198666563616457,
    0.14810397642748008,
    0.6897673349851,
    1.6763848301838038,
    2.053191626637759,
    1,
  ],
]

const farTail: readonly [Coefficients, Coefficients] = [
  [
    2.0103343992922881e-7,
    0.000027115555687434876,
    0.0012426609473880784,
    0.026532189526576124,
    0.29656057182850487,
    1.7848265399172913,
    5.463784911164114,
    6.657904643501103,
  ],
  [
    2.0442631033899397e-15,
    1.421511758316446e-7,
    0.000018463183175100548,
    0.0007868691311456133,
    0.014875361290850615,
    0.1369298809227358,
    0.599832206555888,
    1,
  ],
]

const polynomial = (coefficients: Coefficients, at: number): number => {
  let value = 0
  for (const coefficient of coefficients) value = value * at + coefficient
  return value
}

const quotient = ([above, below]: readonly [Coefficients, Coefficients], at: number): number =>
  polynomial(above, at) / polynomial(below, at)

/**
 * The number below which a standard normal variable falls with probability `tail`, in (0, 1/2].
 *
 * @throws InvalidArgument for another probability
 */
export const lowerTailQuantile = (tail: number): number => {
  if (!(tail > 0 && tail <= 0.5))
    throw mongeError('InvalidArgument', 'lowerTailQuantile', `expected a probability in (0, 1/2], got ${tail}`)
  const fromMedian = 0.5 - tail
  if (fromMedian <= 0.425) return -fromMedian * quotient(centre, 0.180625 - fromMedian * fromMedian)
  const depth = Math.sqrt(-naturalLogarithm(tail))
  return depth <= 5 ? -quotient(shoulder, depth - 1.6) : -quotient(farTail, depth - 5)
}
