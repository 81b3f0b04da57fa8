import { untaped } from '@monge/backend'
import type { Backend, Geometry, Pairwise, Place } from '@monge/backend'
import { zeros } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core'
import { matrixClouds, pointClouds } from './clouds.js'
import type { Cloud, Clouds, Way } from './clouds.js'
import { costCode } from './cost-code.js'
import { guarded } from './guarded.js'
import type { Device } from './device.js'
import { recordsOf } from './records.js'
import { reduce } from './reduce.js'
import type { Extent } from './reduce.js'
import { roomOfValues } from './reduction.js'
import type { Reduction } from './reduction.js'

/** Numbers of a point (coordinates, or values) that a fragment holds at most; beyond, tfjs's matrix products do better. */
const most = 16

/** Prepares reductions: by shaders where they know the cost, by tfjs's operations where not. */
export const webglGeometry =
  (device: Device, place: Place, portable: Backend<Tensor>) =>
  (pairwise: Pairwise, x: Tensor2D, y: Tensor2D): Geometry<Tensor> =>
    place.within(() => {
      // It checks the shapes, and computes nothing before it is asked to.
      const fallback = guarded(place, portable.geometry(pairwise, x, y))
      const code = costCode(pairwise)
      if (pairwise.tag === 'matrix')
        return fused(device, place, fallback, matrixClouds(device, pairwise.entries, x.shape[1]))
      return code === undefined || x.shape[1] > most
        ? fallback
        : fused(device, place, fallback, pointClouds(device, code, x, y))
    })

const fused = (device: Device, place: Place, fallback: Geometry<Tensor>, clouds: Clouds): Geometry<Tensor> => {
  const dispose = (): void => {
    clouds.dispose()
    fallback.dispose()
  }
  const origin: Geometry<Tensor> = oneWay(device, place, fallback, clouds, clouds.there, () => transposed, dispose)
  const transposed: Geometry<Tensor> = oneWay(
    device,
    place,
    fallback.transpose(),
    clouds,
    clouds.back,
    () => origin,
    () => undefined,
  )
  return origin
}

/** A vector with so many numbers for each point. */
type Extra = readonly [vector: Tensor, width: number]

/** Records for the time of one reduction. */
interface Loan {
  readonly info: TensorInfo | undefined
  readonly free: () => void
}

const oneWay = (
  device: Device,
  place: Place,
  fallback: Geometry<Tensor>,
  { form, constants, dimension }: Clouds,
  { rows, columns, tiles }: Way,
  transpose: () => Geometry<Tensor>,
  dispose: () => void,
): Geometry<Tensor> => {
  const [n, m] = [rows.count, columns.count]

  /** The records of points with what else the reduction reads of them. */
  const records = (cloud: Cloud, extras: readonly Extra[]): Loan => {
    if (extras.length === 0) return { info: cloud.bare()?.info, free: () => undefined }
    const coordinates = cloud.points === undefined ? [] : [{ numbers: cloud.points, width: dimension, room: form.room }]
    const { info } = recordsOf(
      device,
      [...coordinates, ...extras.map(([numbers, width]) => ({ numbers, width, room: roomOfValues(width) }))],
      cloud.count,
    )
    return { info, free: () => device.free(info) }
  }

  const run = (
    reduction: Reduction,
    rowExtras: readonly Extra[],
    columnExtras: readonly Extra[],
    { components = 1, epsilon = 1, raise = 0 }: Partial<Pick<Extent, 'components' | 'epsilon' | 'raise'>> = {},
  ): Tensor =>
    place.within(() => {
      const [left, right] = [records(rows, rowExtras), records(columns, columnExtras)]
      if (right.info === undefined) throw new RangeError('records without numbers')
      const operands = { rows: left.info, columns: right.info, tiles: tiles?.() }
      const result = reduce(device, reduction, form, operands, {
        rows: n,
        columns: m,
        components,
        epsilon,
        raise,
        constants,
      })
      left.free()
      right.free()
      return result
    })

  const plain: Reduction = { fold: 'sum', plan: false, cost: false, values: 'ones', width: 0 }
  const given = (k: number): Partial<Reduction> => ({ values: 'given', width: roomOfValues(k) })
  const slopes = (k: number): Partial<Reduction> => ({ values: 'slopes', width: roomOfValues(k) })
  const flat = form.functions === undefined
  const zeroSlopes = (): Tensor => place.within(() => untaped(() => zeros([n * dimension])))

  return {
    rows: n,
    columns: m,
    dimension,
    transpose,
    dispose,
    softmin: (epsilon, q, shift = 0) =>
      run({ ...plain, fold: 'softmin' }, [], [[q, 1]], { epsilon, raise: Math.log(m) - shift }),
    minimum: (g) => run({ ...plain, fold: 'minimum' }, [], [[g, 1]]),
    planSum: (epsilon, p, q, v, k) =>
      k > most
        ? fallback.planSum(epsilon, p, q, v, k)
        : run(
            { ...plain, ...given(k), plan: true },
            [[p, 1]],
            [
              [q, 1],
              [v, k],
            ],
            { epsilon, components: k },
          ),
    planCost: (epsilon, p, q) => run({ ...plain, plan: true, cost: true }, [[p, 1]], [[q, 1]], { epsilon }),
    planGradient: (epsilon, p, q, u, v, k) =>
      flat
        ? zeroSlopes()
        : k > most
          ? fallback.planGradient(epsilon, p, q, u, v, k)
          : run(
              { ...plain, ...slopes(k), plan: true },
              [
                [p, 1],
                [u, k],
              ],
              [
                [q, 1],
                [v, k],
              ],
              { epsilon, components: dimension },
            ),
    sum: (v, k) =>
      k > most ? fallback.sum(v, k) : run({ ...plain, ...given(k), cost: true }, [], [[v, k]], { components: k }),
    sumGradient: (u, v, k) =>
      flat
        ? zeroSlopes()
        : k > most
          ? fallback.sumGradient(u, v, k)
          : run({ ...plain, ...slopes(k) }, [[u, k]], [[v, k]], { components: dimension }),
    entries: (start, count) => fallback.entries(start, count),
  }
}
