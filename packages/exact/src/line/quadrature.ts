import { firstAbove } from './quantiles.js'

/** The value of an integral, how far it may be off, and how often the integrand was asked. */
export interface Integral {
  readonly value: number
  readonly error: number
  readonly evaluations: number
}

/** An integrand `weight(u) h(F(u) - G(u))`, with F and G non-decreasing, h convex and least at 0. */
export interface GapIntegrand {
  readonly first: (u: number) => number
  readonly second: (u: number) => number
  readonly weight: (u: number) => number
  /** `∫ weight` from 0. */
  readonly weightUpTo: (u: number) => number
  readonly convex: (gap: number) => number
  /** Where F or G is known to jump, in ascending order. */
  readonly jumps: Float64Array
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
const across = [...nodes.map((node) => -node), ...nodes.slice(0, -1).toReversed()]
const mirrored = (weights: readonly number[]): readonly number[] => [...weights, ...weights.slice(0, -1).toReversed()]
const [fineWeights, coarseWeights] = [mirrored(kronrod), mirrored(gauss)]

interface Piece {
  readonly low: number
  readonly high: number
  readonly value: number
  readonly error: number
}

// Where a piece is looked at besides: just within its ends, which may be where something jumps.
const end = 1 - 1e-7
const perPiece = across.length + 2

const piece = (integrand: GapIntegrand, low: number, high: number): Piece => {
  const { first, second, weight, convex } = integrand
  const [centre, half] = [(low + high) / 2, (high - low) / 2]
  const at = [-end, ...across, end].map((node) => centre + half * node)
  const [f, g] = [at.map(first), at.map(second)]
  let [fine, coarse] = [0, 0]
  at.slice(1, -1).forEach((u, index) => {
    const k = index + 1
    const height = weight(u) * convex(f[k] - g[k])
    const finite = Number.isFinite(height) ? height : 0
    fine += fineWeights[index] * finite
    coarse += coarseWeights[index] * finite
  })
  const value = fine * half
  const smooth = Math.abs(fine - coarse) * half
  const levels = at.map(integrand.weightUpTo)
  const known = integrand.jumps[firstAbove(integrand.jumps, low)] < high
  if (!known && !leaps(levels, f) && !leaps(levels, g)) return { low, high, value, error: smooth }
  const [least, most] = bounds(integrand, [low, ...at.slice(1, -1), high], f, g)
  // An infinite end tells nothing.
  if (!Number.isFinite(most)) return { low, high, value, error: smooth }
  return { low, high, value, error: Math.max(value - least, most - value) }
}

/** How often the least slope between two points the greatest may be, where nothing jumps. */
const steepest = 5

/** Whether values that do not decrease look as if they jumped between two of the points. */
const leaps = (levels: readonly number[], values: readonly number[]): boolean => {
  const rounding = 1e-13 * Math.max(...values.map(Math.abs))
  const slopes = values.slice(1).map((value, k) => (value - values[k]) / (levels[k + 1] - levels[k]))
  const gained = values[values.length - 1] - values[0]
  return gained > rounding && Math.max(...slopes) > steepest * Math.min(...slopes)
}

/** Between two points F and G are between their values there: so is the integral. */
const bounds = (
  { convex, weightUpTo }: GapIntegrand,
  at: readonly number[],
  f: readonly number[],
  g: readonly number[],
): readonly [least: number, most: number] => {
  let [least, most] = [0, 0]
  for (let k = 1; k < at.length; k++) {
    const mass = weightUpTo(at[k]) - weightUpTo(at[k - 1])
    const [narrow, wide] = [f[k - 1] - g[k], f[k] - g[k - 1]]
    least += mass * (narrow > 0 ? convex(narrow) : wide < 0 ? convex(wide) : 0)
    most += mass * Math.max(convex(narrow), convex(wide))
  }
  return [least, most]
}

/**
 * `∫_0^1` by adaptive Gauss-Kronrod quadrature: the piece of largest error is halved until the sum of errors is small.
 * Pieces begin and end where F and G are known to jump. The error of a piece on which they jump, or look as if they did, is
 * the bound that their monotony gives; of others, the difference of the two rules.
 */
export const integrate = (integrand: GapIntegrand, tolerance: number, mostEvaluations: number): Integral => {
  const cuts = startingCuts(integrand.jumps, Math.floor(mostEvaluations / perPiece))
  let pieces: readonly Piece[] = cuts.slice(1).map((high, k) => piece(integrand, cuts[k], high))
  const total = (key: 'value' | 'error'): number => pieces.reduce((sum, each) => sum + each[key], 0)
  let evaluations = pieces.length * perPiece
  while (total('error') > tolerance * Math.abs(total('value')) && evaluations + 2 * perPiece <= mostEvaluations) {
    const worst = pieces.reduce((one, other) => (other.error > one.error ? other : one))
    const middle = (worst.low + worst.high) / 2
    if (!(worst.low < middle && middle < worst.high)) break
    const halves = [piece(integrand, worst.low, middle), piece(integrand, middle, worst.high)]
    pieces = [...pieces.filter((each) => each !== worst), ...halves]
    evaluations += 2 * perPiece
  }
  return { value: total('value'), error: total('error'), evaluations }
}

/** Quarters and jumps; of jumps that are too many, every so manieth. */
const startingCuts = (jumps: Float64Array, mostPieces: number): readonly number[] => {
  const stride = Math.max(1, Math.ceil(jumps.length / Math.max(1, mostPieces - 4)))
  const chosen = jumps.filter((_, k) => k % stride === 0)
  const quarters = mostPieces > 4 ? [0, 0.25, 0.5, 0.75, 1] : [0, 1]
  return [...new Set([...quarters, ...chosen])].toSorted((one, other) => one - other)
}
