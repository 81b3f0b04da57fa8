import type { Place } from '@monge/backend'
import { requireKnownKeys, requireOneOf } from '@monge/errors'
import type { Measure } from '@monge/measures'
import { cloudsOf } from './clouds.js'
import { directionKeys, directionsOf } from './directions.js'
import type { Directions } from './directions.js'
import { readOrder } from './options.js'
import { slicer } from './slicer.js'
import type { Clouds, Orders } from './slicer.js'

/** A plan between two measures by its entries that are not zero. */
export interface SlicedPlan {
  readonly shape: readonly [n: number, m: number]
  readonly rows: Int32Array
  readonly columns: Int32Array
  readonly masses: Float64Array
  /** `sum_ij P_ij |x_i - y_j|^p`: an upper bound on `W_p^p`. */
  readonly cost: number
}

/** Options of the sliced plan. */
export interface SlicedPlanOptions extends Directions {
  /** At least 1; 2 if not given. */
  readonly p?: number
  /** The plan of the direction whose plan costs least (if not given), or the mean of all plans. */
  readonly plan?: 'least' | 'mean'
}

const checkKeys = requireKnownKeys(['p', 'plan', ...directionKeys])
const requirePlan = requireOneOf(['least', 'mean'])

/**
 * A feasible plan from slices: points are matched in their order along a direction. The cheapest of these plans (min-SWGG,
 * Mahey and others 2023), or their mean (Liu and others 2025).
 *
 * @throws as `slicedWasserstein`
 */
export const slicedPlan = (options: SlicedPlanOptions): ((backend: Place) => (mu: Measure, nu: Measure) => SlicedPlan) => {
  checkKeys('slicedPlan', options)
  const { p } = readOrder('slicedPlan', options.p === undefined ? {} : { p: options.p })
  const kind = requirePlan('slicedPlan: plan', options.plan ?? 'least')
  const directions = directionsOf('slicedPlan', options)
  return () => (mu, nu) => {
    const clouds = cloudsOf('slicedPlan', mu, nu)
    const slices = slicer('slicedPlan', clouds, p, true)
    const plans = directions(clouds.dimension).rows.map((direction) => {
      slices.along(direction)
      return alongOrders(clouds, slices.orders(), p)
    })
    return kind === 'least' ? plans.reduce((one, other) => (other.cost < one.cost ? other : one)) : meanOf(plans)
  }
}

const alongOrders = ({ x, y, a, b, dimension: d }: Clouds, all: Orders, p: number): SlicedPlan => {
  // What rounding leaves over goes to the last point of an order, which must be one of weight.
  const orders = { x: all.x.filter((i) => a[i] > 0), y: all.y.filter((j) => b[j] > 0) }
  const [n, m] = [orders.x.length, orders.y.length]
  const entries: (readonly [number, number, number])[] = []
  let [k, l] = [0, 0]
  let [leftA, leftB] = [a[orders.x[0]], b[orders.y[0]]]
  let cost = 0
  while (k < n && l < m) {
    const [i, j] = [orders.x[k], orders.y[l]]
    const mass = k === n - 1 ? leftB : l === m - 1 ? leftA : Math.min(leftA, leftB)
    if (mass > 0) {
      let squared = 0
      for (let axis = 0; axis < d; axis++) squared += (x[i * d + axis] - y[j * d + axis]) ** 2
      cost += mass * squared ** (p / 2)
      entries.push([i, j, mass])
    }
    leftA -= mass
    leftB -= mass
    if (l === m - 1 || (k < n - 1 && leftA <= leftB)) {
      k += 1
      leftA = a[orders.x[k]]
    } else {
      l += 1
      leftB = b[orders.y[l]]
    }
  }
  return {
    shape: [a.length, b.length],
    rows: Int32Array.from(entries, ([i]) => i),
    columns: Int32Array.from(entries, ([, j]) => j),
    masses: Float64Array.from(entries, ([, , mass]) => mass),
    cost,
  }
}

const meanOf = (plans: readonly SlicedPlan[]): SlicedPlan => {
  const { shape } = plans[0]
  const masses = new Map<number, number>()
  for (const plan of plans) {
    plan.masses.forEach((mass, entry) => {
      const place = plan.rows[entry] * shape[1] + plan.columns[entry]
      masses.set(place, (masses.get(place) ?? 0) + mass / plans.length)
    })
  }
  const places = [...masses.keys()].toSorted((one, other) => one - other)
  return {
    shape,
    rows: Int32Array.from(places, (place) => Math.floor(place / shape[1])),
    columns: Int32Array.from(places, (place) => place % shape[1]),
    masses: Float64Array.from(places, (place) => masses.get(place) ?? 0),
    cost: plans.reduce((sum, plan) => sum + plan.cost, 0) / plans.length,
  }
}
