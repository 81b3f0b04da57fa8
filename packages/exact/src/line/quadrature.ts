/** The value of an integral, an estimate of its error, and how often the integrand was asked. */
export interface Integral {
  readonly value: number
  readonly error: number
  readonly evaluations: number
}

// Kronrod's 15 points on [-1, 1] with their weights, and Gauss's weights for every other one (QUADPACK's qk15).
const nodes = [
  0.9914553711208126, 0.9491079123427585, 0.8648644233597691,
  0.7415311855993945, 0.5860872354676911, 0.4058451513773972,
  0.20778495500789848, 0,
]
const kronrod = [
  0.022935322010529224, 0.06309209262997856, 0.10479001032225019,
  0.14065325971552592, 0.1690047266392679, 0.19035057806478542,
  0.20443294007529889, 0.20948214108472782,
]
const gauss = [
  0, 0.1294849661688697, 0, 0.27970539148927664, 0,
  0.3818300505051189, 0, 0.4179591836734694,
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
