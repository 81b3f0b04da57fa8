import type { Cost } from '@monge/costs'
import { normalisedPower } from '@monge/costs'
import { mongeError, requireInteger, requireKnownKeys, requireOneOf, requirePositive } from '@monge/errors'
import { annealing, requireScaling } from './schedule.js'
import type { Schedule } from './schedule.js'

/** How to go faster than plain sweeps once epsilon has reached its last value. None of them can diverge. */
export type Acceleration =
  | { readonly kind: 'none' }
  /** Every update goes `factor` times its way; in (0, 2). The notebook's `tau = -0.5` is the factor 1.5. */
  | { readonly kind: 'relaxation'; readonly factor: number }
  /** Combines the last `memory` sweeps. */
  | { readonly kind: 'anderson'; readonly memory: number }
  /** Newton's method on the dual, by conjugate gradients. */
  | { readonly kind: 'newton' }

/** What can be said of an entropic transport problem and of how to solve it; GeomLoss's meaning of each option. */
export interface SinkhornOptions {
  /** The cost is `|x - y|^p / p`, and `epsilon = blur^p`, `rho = reach^p`. Default 2. */
  readonly p?: number
  /** Another cost than that. `p` still ties epsilon to blur. */
  readonly cost?: Cost
  /** The scale below which points are not told apart, in units of distance. Default 0.05. */
  readonly blur?: number
  /** The scale beyond which mass is rather destroyed and created than moved. Default: marginals are exact. */
  readonly reach?: number
  /**
   * The ratio of successive blurs in annealing, in (0, 1). Default 0.5; 0.9 with a tolerance, as a safer start, or `leap` where
   * sweeps are long.
   */
  readonly scaling?: number
  /** Where annealing starts, in units of distance. Default: the diagonal of the clouds' common bounding box. */
  readonly diameter?: number
  /** Another schedule than annealing by `scaling`. */
  readonly schedule?: Schedule
  /**
   * After the schedule, sweep at the last epsilon until the marginal error (in units of mass) is below this. Default: do
   * not, as GeomLoss does not.
   */
  readonly tolerance?: number
  /** The most sweeps in all. Default 100 000. */
  readonly maximumIterations?: number
  /**
   * Default: with a tolerance, Anderson's with a memory of 16 and, where that gets stuck, Newton's method; without one,
   * GeomLoss's averaged sweeps.
   */
  readonly acceleration?: Acceleration
}

/** The options with their defaults, in units of cost. */
export interface Settings {
  readonly cost: Cost
  readonly p: number
  readonly epsilon: number
  readonly rho: number | undefined
  readonly schedule: Schedule
  /** Whether that was left to us and an optimum is wanted: what leads to it soonest may then take its place. */
  readonly leaps: boolean
  readonly largestCost: number | undefined
  readonly tolerance: number | undefined
  readonly maximumIterations: number
  readonly acceleration: Acceleration | undefined
}

const known: readonly (keyof SinkhornOptions)[] = [
  'p',
  'cost',
  'blur',
  'reach',
  'scaling',
  'diameter',
  'schedule',
  'tolerance',
  'maximumIterations',
  'acceleration',
]

/** Checks the options of `where` and fills in what they leave open. */
export const settingsOf = (where: string, options: SinkhornOptions): Settings => {
  requireKnownKeys(known)(where, options)
  const name = (option: keyof SinkhornOptions): string => `${where}: ${option}`
  const p = requirePositive(name('p'), options.p ?? 2)
  const optional = (option: 'reach' | 'diameter' | 'tolerance'): number | undefined =>
    options[option] === undefined ? undefined : requirePositive(name(option), options[option])
  const reach = optional('reach')
  const diameter = optional('diameter')
  const tolerance = optional('tolerance')
  const scaling = requireScaling(name('scaling'), options.scaling ?? (tolerance === undefined ? 0.5 : 0.9))
  const leaps = tolerance !== undefined && options.scaling === undefined && options.schedule === undefined && options.acceleration === undefined
  return {
    cost: options.cost ?? normalisedPower(p),
    p,
    epsilon: requirePositive(name('blur'), options.blur ?? 0.05) ** p,
    rho: reach === undefined ? undefined : reach ** p,
    schedule: options.schedule ?? annealing(scaling, p),
    leaps,
    largestCost: diameter === undefined ? undefined : diameter ** p,
    tolerance,
    maximumIterations: requireInteger(1)(name('maximumIterations'), options.maximumIterations ?? 100_000),
    acceleration: checkAcceleration(name('acceleration'), options.acceleration),
  }
}

const checkAcceleration = (where: string, acceleration: Acceleration | undefined): Acceleration | undefined => {
  if (acceleration === undefined) return undefined
  requireOneOf(['none', 'relaxation', 'anderson', 'newton'])(`${where}: kind`, acceleration.kind)
  if (acceleration.kind === 'relaxation' && !(acceleration.factor > 0 && acceleration.factor < 2))
    throw mongeError('InvalidOption', where, `expected a factor between 0 and 2, got ${acceleration.factor}`)
  if (acceleration.kind === 'anderson') requireInteger(1)(`${where}: memory`, acceleration.memory)
  return acceleration
}
