import { untaped } from '@monge/backend'
import type { Backend, Geometry, Pairwise, Place } from '@monge/backend'
import { clone, keep, zeros } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core'
import { costCode } from './cost-code.js'
import { guarded } from './guarded.js'
import type { Device } from './device.js'
import { recordsOf, tilesOf } from './records.js'
import type { Records } from './records.js'
import { reduce } from './reduce.js'
import type { Extent } from './reduce.js'
import { roomOfPoint, roomOfValues } from './reduction.js'
import type { Form, Reduction } from './reduction.js'

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
      if (pairwise.tag === 'matrix') return fused(device, place, fallback, matrixClouds(device, pairwise.entries, x.shape[1]))
      return code === undefined || x.shape[1] > most
        ? fallback
        : fused(device, place, fallback, pointClouds(device, x, y, code.functions, code.constants))
    })

/** What both ways of a geometry hold on the GPU. */
interface Clouds {
  readonly form: Form
  readonly dimension: number
  readonly constants: readonly number[]
  readonly there: Way
  readonly back: Way
  readonly dispose: () => void
}

/** One way: the points that rows and columns stand for, or the matrix. */
interface Way {
  readonly rows: Cloud
  readonly columns: Cloud
  readonly tiles?: () => TensorInfo
}

interface Cloud {
  readonly count: number
  readonly points: Tensor | undefined
  readonly bare: () => Records | undefined
  readonly dispose: () => void
}

const cloudOf = (device: Device, points: Tensor | undefined, count: number, width: number): Cloud => {
  let records: Records | undefined
  return {
    count,
    points,
    bare: () => (points === undefined ? undefined : (records ??= recordsOf(device, [{ numbers: points, width, room: roomOfPoint(width) }], count))),
    dispose: () => {
      if (records !== undefined) device.free(records.info)
      points?.dispose()
    },
  }
}

const pointClouds = (device: Device, x: Tensor2D, y: Tensor2D, functions: string, constants: readonly number[]): Clouds => {
  const [n, d] = x.shape
  const from = cloudOf(device, untaped(() => keep(clone(x))), n, d)
  const to = y === x ? from : cloudOf(device, untaped(() => keep(clone(y))), y.shape[0], d)
  return {
    form: { functions, constants: constants.length, room: roomOfPoint(d) },
    dimension: d,
    constants,
    there: { rows: from, columns: to },
    back: { rows: to, columns: from },
    dispose: () => {
      from.dispose()
      if (to !== from) to.dispose()
    },
  }
}

const matrixClouds = (device: Device, entries: Tensor2D, dimension: number): Clouds => {
  const [n, m] = entries.shape
  const held = untaped(() => keep(clone(entries)))
  const made: TensorInfo[] = []
  const tiles = (transposed: boolean) => {
    let info: TensorInfo | undefined
    return (): TensorInfo => {
      if (info === undefined) {
        info = transposed ? tilesOf(device, held, m, n, true) : tilesOf(device, held, n, m, false)
        made.push(info)
      }
      return info
    }
  }
  const [from, to] = [n, m].map((count) => cloudOf(device, undefined, count, 0)) as [Cloud, Cloud]
  return {
    form: { functions: undefined, constants: 0, room: 0 },
    dimension,
    constants: [],
    there: { rows: from, columns: to, tiles: tiles(false) },
    back: { rows: to, columns: from, tiles: tiles(true) },
    dispose: () => {
      made.forEach(device.free)
      held.dispose()
    },
  }
}

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
  const records = (cloud: Cloud, extras: readonly (readonly [Tensor, number])[]): { readonly info?: TensorInfo; readonly free: () => void } => {
    if (extras.length === 0) return { info: cloud.bare()?.info as TensorInfo, free: () => undefined }
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
    rowExtras: readonly (readonly [Tensor, number])[],
    columnExtras: readonly (readonly [Tensor, number])[],
    { components = 1, epsilon = 1, raise = 0 }: Partial<Pick<Extent, 'components' | 'epsilon' | 'raise'>> = {},
  ): Tensor =>
    place.within(() => {
      const [left, right] = [records(rows, rowExtras), records(columns, columnExtras)]
      if (right.info === undefined) throw new RangeError('records without numbers')
      const operands = { rows: left.info, columns: right.info, tiles: tiles?.() }
      const result = reduce(device, reduction, form, operands, { rows: n, columns: m, components, epsilon, raise, constants })
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
        : run({ ...plain, ...given(k), plan: true }, [[p, 1]], [[q, 1], [v, k]], { epsilon, components: k }),
    planCost: (epsilon, p, q) => run({ ...plain, plan: true, cost: true }, [[p, 1]], [[q, 1]], { epsilon }),
    planGradient: (epsilon, p, q, u, v, k) =>
      flat
        ? zeroSlopes()
        : k > most
          ? fallback.planGradient(epsilon, p, q, u, v, k)
          : run({ ...plain, ...slopes(k), plan: true }, [[p, 1], [u, k]], [[q, 1], [v, k]], { epsilon, components: dimension }),
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
