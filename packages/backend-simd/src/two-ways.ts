import type { Geometry } from '@monge/backend'
import type { Direction } from './direction.js'
import type { Machine } from './machine.js'
import type { Idle } from './parking.js'
import { entries, minimum, reduce } from './reductions.js'
import { storedPlan } from './stored-plan.js'
import type { StoredPlan } from './stored-plan.js'
import { sweepsOf } from './sweeps.js'
import type { Sweeps } from './sweeps.js'
import { copyOf, raised } from './vector-of.js'

type Vector = Float64Array

/** What both ways of a geometry share. */
export interface Ways {
  readonly there: Direction
  /** The other way; without, both are the same. */
  readonly back: (() => Direction) | undefined
  readonly dispose: () => void
  /** Where the geometry waits for another use once it is disposed of; without, it is gone. */
  readonly park?: (idle: Idle) => void
}

/** The geometry of a direction; its transpose shares everything with it, and disposing of that disposes of nothing. */
export const twoWays = (machine: Machine, { there, back, dispose, park }: Ways): Geometry<Vector> => {
  let other: Direction | undefined
  const used = (direction: Direction, times: number): Direction => {
    direction.use(times)
    return direction
  }
  const forward = (times = 1): Direction => used(there, times)
  const backward = (times = 1): Direction => used((other ??= back ? back() : there), times)
  // Where there is one softmin there will be more.
  const sweeps = sweepsOf(machine, () => forward(3), () => backward(3), back === undefined)
  const plans = [storedPlan(machine), storedPlan(machine)] as const
  let idle = false
  const release = (): void => {
    there.dispose()
    if (other !== undefined && other !== there) other.dispose()
    dispose()
  }
  const retire = (): void => {
    if (idle) return
    idle = true
    sweeps.dispose()
    plans.forEach((plan) => plan.dispose())
    if (park === undefined) release()
    else park({ geometry: origin, release, wake: () => (idle = false) })
  }
  const origin: Geometry<Vector> = oneWay(machine, forward, there, sweeps, plans[0], () => (back ? transposed : origin), retire)
  const transposed: Geometry<Vector> = oneWay(
    machine,
    backward,
    { rows: there.columns, columns: there.rows, dimension: there.dimension },
    turned(sweeps),
    plans[1],
    () => origin,
    () => undefined,
  )
  return origin
}

type OneWaySweeps = Omit<Sweeps, 'sweep'> & Partial<Pick<Sweeps, 'sweep'>>

/** The other way; there is no kernel that is read by its columns. */
const turned = ({ rows, columns, both, settle, dispose }: Sweeps): OneWaySweeps => ({
  rows: columns,
  columns: rows,
  both: (epsilon, p, q) => {
    const { f, g } = both(epsilon, q, p)
    return { f: g, g: f }
  },
  settle,
  dispose,
})

const sweepBy =
  (sweep: Sweeps['sweep']): NonNullable<Geometry<Vector>['sweep']> =>
  (epsilon, source, target, g) =>
    sweep(epsilon, { source, target }, g)

const oneWay = (
  machine: Machine,
  direction: () => Direction,
  { rows, columns, dimension }: Pick<Direction, 'rows' | 'columns' | 'dimension'>,
  sweeps: OneWaySweeps,
  stored: StoredPlan,
  transpose: () => Geometry<Vector>,
  dispose: () => void,
): Geometry<Vector> => ({
  rows,
  columns,
  dimension,
  transpose,
  dispose,
  softmin: (epsilon, q, shift = 0) => raised(sweeps.rows(epsilon, q), epsilon * shift),
  softmins: (epsilon, p, q, shifts = { p: 0, q: 0 }) => {
    const { f, g } = sweeps.both(epsilon, p, q)
    // From a measure to an equal one both are the same vector.
    const back = f === g ? copyOf(g) : g
    return { f: raised(f, epsilon * shifts.q), g: raised(back, epsilon * shifts.p) }
  },
  ...(sweeps.sweep && { sweep: sweepBy(sweeps.sweep) }),
  settle: sweeps.settle,
  minimum: (g) => minimum(machine, direction(), g),
  planSum: (epsilon, p, q, v, k) => {
    const way = direction()
    const sums = k === 1 ? stored.sum(way, epsilon, p, q, v) : undefined
    return sums ?? reduce(machine, way, { plan: { epsilon, p, q }, values: v, width: k })
  },
  planCost: (epsilon, p, q) => reduce(machine, direction(), { plan: { epsilon, p, q }, cost: true, width: 1 }),
  planGradient: (epsilon, p, q, u, v, k) =>
    reduce(machine, direction(), { plan: { epsilon, p, q }, slope: { u, v }, width: k }),
  sum: (v, k) => reduce(machine, direction(), { cost: true, values: v, width: k }),
  sumGradient: (u, v, k) => reduce(machine, direction(), { slope: { u, v }, width: k }),
  entries: (start, count) => entries(machine, direction(), start, count),
})
