import { dataOf } from '@monge/backend'
import type { Geometry, Pairwise } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** A geometry that nobody uses. */
export interface Idle {
  readonly geometry: Geometry<Float64Array>
  /** Says that it is in use again. */
  readonly wake: () => void
  readonly release: () => void
}

/**
 * The geometries that were last disposed of, by the data of their clouds or their matrix, which tfjs never changes, and by their
 * very cost. A gradient asks for those of its value a moment later, and a flow for that of the measure which does not move: their
 * points are laid out, and their costs may be stored.
 */
export interface Parking {
  readonly take: (pairwise: Pairwise, x: Tensor2D, y: Tensor2D, dimension: number) => Geometry<Float64Array> | undefined
  readonly park: (pairwise: Pairwise, x: Tensor2D, y: Tensor2D, dimension: number) => (idle: Idle) => void
  /** Releases the one that has been here longest; false if there is none. */
  readonly clear: () => boolean
}

interface Parked extends Idle {
  readonly pairwise: Pairwise
  readonly x: object
  readonly y: object
  readonly dimension: number
}

/** As many as a divergence has. */
const places = 3

export const parking = (): Parking => {
  let parked: readonly Parked[] = []
  const clear = (): boolean => {
    const [oldest, ...rest] = parked
    parked = rest
    oldest?.release()
    return oldest !== undefined
  }
  return {
    clear,
    take: (pairwise, x, y, dimension) => {
      const found = parked.find(
        (each) => each.pairwise === pairwise && each.x === dataOf(x) && each.y === dataOf(y) && each.dimension === dimension,
      )
      if (found === undefined) return undefined
      parked = parked.filter((each) => each !== found)
      found.wake()
      return found.geometry
    },
    park: (pairwise, x, y, dimension) => {
      const key = { pairwise, x: dataOf(x), y: dataOf(y), dimension }
      return (idle) => {
        parked = [...parked, { ...key, ...idle }]
        if (parked.length > places) clear()
      }
    },
  }
}
