/** The value of an integral, an estimate of its error, and how often the integrand was asked. */
export interface Integral {
  readonly value: number
  readonly error: number
  readonly evaluations: number
}

// Kronrod's 15 points on [-1, 1] with their weights, and Gauss's weights for every other one (QUADPACK's qk15).
const nodes = [
  0.991455371120812639206854697526329, 0.949107912342758524526189684047851, 0.864864423359769072789712788640926,
  0.741531185599394439863864773280788, 0.58608723546769113029414483825873, 0.405845151377397166906606412076961,
  0.207784955007898467600689403773245, 0,
]
const kronrod = [
  0.022935322010529224963732008058970, 0.063092092629978553290700663189204, 0.104790010322250183839876322541518,
  0.140653259715525918745189590510238, 0.16900472663926790282829543366169, 0.190350578064785409913256402421014,
  0.204432940075298892414161999234649, 0.209482141084727828012999174891714,
]
const gauss = [
  0, 0.129484966168869693270611432679082, 0, 0.27970539148927666790146777142378, 0,
  0.381830050505118944950369775488975, 0, 0.417959183673469387755102040816327,
]

interface Piece {
  readonly low: number
  readonly high: number
  readonly value: number
  readonly error: number
}

const piece = (integrand: (u: number) => number, low: number, high: number): Piece => {
  const centre = (low + high) / 2
  const half = (high - low) / 2
  let [fine, coarse] = [0, 0]
  nodes.forEach((node, k) => {
    const sum = node === 0 ? integrand(centre) : integrand(centre - half * node) + integrand(centre + half * node)
    fine += kronrod[k] * sum
    coarse += gauss[k] * sum
  })
  return { low, high, value: fine * half, error: Math.abs(fine - coarse) * half }
}

/** `∫_0^1` by adaptive Gauss-Kronrod quadrature: the piece of largest error is halved until the sum of errors is small. */
export const integrate = (integrand: (u: number) => number, tolerance: number, mostEvaluations: number): Integral => {
  let pieces: readonly Piece[] = Array.from({ length: 4 }, (_, k) => piece(integrand, k / 4, (k + 1) / 4))
  const total = (key: 'value' | 'error'): number => pieces.reduce((sum, each) => sum + each[key], 0)
  let evaluations = 60
  while (total('error') > tolerance * Math.abs(total('value')) && evaluations + 30 <= mostEvaluations) {
    const worst = pieces.reduce((one, other) => (other.error > one.error ? other : one))
    const middle = (worst.low + worst.high) / 2
    if (!(worst.low < middle && middle < worst.high)) break
    const halves = [piece(integrand, worst.low, middle), piece(integrand, middle, worst.high)]
    pieces = [...pieces.filter((each) => each !== worst), ...halves]
    evaluations += 30
  }
  return { value: total('value'), error: total('error'), evaluations }
}
