import { instancesOf } from '@monge/backend'
import type { SliceSlopes } from '@monge/backend'
import { mongeError } from '@monge/errors'
import { slicesModule } from './binary.js'
import { localOrder } from './locality.js'

/** What assembly/slices.ts exports; names that end in `At` give addresses. */
interface SlicesExports {
  readonly memory: WebAssembly.Memory
  readonly layout: (n: number, m: number, d: number, p: number, exact: number, uniform: number) => number
  readonly clear: () => void
  readonly prepareX: (column: number) => number
  readonly prepareY: (column: number) => number
  readonly value: () => number
  readonly valueAndGradient: (column: number) => number
  readonly xsAt: () => number
  readonly ysAt: () => number
  readonly weightsXAt: () => number
  readonly weightsYAt: () => number
  readonly slopesXAt: () => number
  readonly slopesYAt: () => number
  readonly potentialXAt: () => number
  readonly potentialYAt: () => number
  readonly directionAt: () => number
  readonly orderXAt: () => number
  readonly orderYAt: () => number
  readonly sortedXAt: () => number
  readonly sortedYAt: () => number
}

/** Two weighted clouds on the host, of equal mass. */
export interface Clouds {
  /** `[n, d]`, row-major */
  readonly x: Float64Array
  /** `[m, d]` */
  readonly y: Float64Array
  /** `[n]` */
  readonly a: Float64Array
  /** `[m]` */
  readonly b: Float64Array
  readonly dimension: number
}

/** Gradients that have been summed over directions. */
export type Slopes = SliceSlopes

/** The sorted order of both clouds along a direction. */
export interface Orders {
  readonly x: Int32Array
  readonly y: Int32Array
}

/** Two clouds in an order that suits the caches, around a common centre, and how to undo that. */
export interface Arranged {
  readonly clouds: Clouds
  readonly restored: (slopes: Slopes) => Slopes
  readonly places: { readonly x: Int32Array; readonly y: Int32Array }
}

/** Two clouds laid out for slicing. */
export interface Slicer {
  /** Chooses a direction `[d]`, or a coordinate, and sorts both clouds along it. */
  readonly along: (direction: Float64Array | number) => void
  /** `W_p^p` along the direction that is chosen. */
  readonly value: () => number
  /** The same, and its gradients added to the slopes. */
  readonly valueAndGradient: () => number
  readonly slopes: () => Slopes
  readonly clear: () => void
  readonly orders: () => Orders
}

const start = instancesOf<SlicesExports>(slicesModule)

/**
 * Lays out two clouds in an instance of the WebAssembly module, whose memory is freed with the slicer. With `exact` the
 * order of the projections is right in float64, without it in float32.
 */
export const slicer = (where: string, clouds: Clouds, p: number, exact: boolean): Slicer => {
  const { places, clouds: local, restored } = arranged(clouds)
  const { a, b, dimension } = local
  const [n, m] = [a.length, b.length]
  const equalWeights = n === m && a.every((weight) => weight === a[0]) && b.every((weight) => weight === b[0])
  const slices = start(where, { slices: { pow: Math.pow } })
  if (slices.layout(n, m, dimension, p, Number(exact), Number(equalWeights)) === 0)
    throw mongeError('InvalidArgument', where, `clouds of ${n} and ${m} points do not fit into WebAssembly's memory`)
  const floats = (at: number, count: number): Float64Array => new Float64Array(slices.memory.buffer, at, count)
  const integers = (at: number, count: number): Int32Array => new Int32Array(slices.memory.buffer, at, count)
  floats(slices.xsAt(), n * dimension).set(local.x)
  floats(slices.ysAt(), m * dimension).set(local.y)
  floats(slices.weightsXAt(), n).set(a)
  floats(slices.weightsYAt(), m).set(b)
  let column = -1
  return {
    along: (direction) => {
      column = typeof direction === 'number' ? direction : -1
      if (typeof direction !== 'number') floats(slices.directionAt(), dimension).set(direction)
      if (slices.prepareX(column) === 0) sortAgain(integers(slices.orderXAt(), n), floats(slices.sortedXAt(), n))
      if (slices.prepareY(column) === 0) sortAgain(integers(slices.orderYAt(), m), floats(slices.sortedYAt(), m))
    },
    value: () => slices.value(),
    valueAndGradient: () => slices.valueAndGradient(column),
    slopes: () =>
      restored({
        x: floats(slices.slopesXAt(), n * dimension),
        y: floats(slices.slopesYAt(), m * dimension),
        a: floats(slices.potentialXAt(), n),
        b: floats(slices.potentialYAt(), m),
      }),
    clear: () => slices.clear(),
    orders: () => ({
      x: integers(slices.orderXAt(), n).map((place) => places.x[place]),
      y: integers(slices.orderYAt(), m).map((place) => places.y[place]),
    }),
  }
}

/** Rows of values put back to where their points stood. */
const inPlace = (values: Float64Array, places: Int32Array): Float64Array => {
  const d = values.length / places.length
  const rows = new Float64Array(values.length)
  places.forEach((i, place) => {
    for (let k = 0; k < d; k++) rows[i * d + k] = values[place * d + k]
  })
  return rows
}

export const arranged = ({ x, y, a, b, dimension }: Clouds): Arranged => {
  const [n, m] = [a.length, b.length]
  // Around a common centre, where float32 keys tell most apart.
  const centre = Float64Array.from({ length: dimension }, (_, k) => middle(x, n, k, dimension) / 2 + middle(y, m, k, dimension) / 2)
  const places = { x: localOrder(x, n, dimension), y: localOrder(y, m, dimension) }
  return {
    places,
    clouds: {
      x: arrange(x, places.x, centre),
      y: arrange(y, places.y, centre),
      a: Float64Array.from(places.x, (i) => a[i]),
      b: Float64Array.from(places.y, (j) => b[j]),
      dimension,
    },
    restored: (slopes) => ({
      x: inPlace(slopes.x, places.x),
      y: inPlace(slopes.y, places.y),
      a: inPlace(slopes.a, places.x),
      b: inPlace(slopes.b, places.y),
    }),
  }
}

const arrange = (points: Float64Array, places: Int32Array, centre: Float64Array): Float64Array => {
  const d = centre.length
  const target = new Float64Array(points.length)
  places.forEach((i, place) => {
    for (let k = 0; k < d; k++) target[place * d + k] = points[i * d + k] - centre[k]
  })
  return target
}

const middle = (points: Float64Array, count: number, k: number, dimension: number): number => {
  let sum = 0
  for (let i = 0; i < count; i++) sum += points[i * dimension + k]
  return sum / count
}

/** Sorts values that are mostly in order already, and their indices with them. */
const sortAgain = (order: Int32Array, sorted: Float64Array): void => {
  const places = Int32Array.from(order.keys()).toSorted((i, j) => sorted[i] - sorted[j] || order[i] - order[j])
  order.set(places.map((place) => order[place]))
  sorted.set(Float64Array.from(places, (place) => sorted[place]))
}
