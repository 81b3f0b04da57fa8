import { untaped } from '@monge/backend'
import { clone, keep } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D, TensorInfo } from '@tensorflow/tfjs-core'
import type { CostCode } from './cost-code.js'
import type { Device } from './device.js'
import { recordsOf, tilesOf } from './records.js'
import type { Records } from './records.js'
import { roomOfPoint } from './reduction.js'
import type { Form } from './reduction.js'

/** What both ways of a geometry hold on the GPU. */
export interface Clouds {
  readonly form: Form
  readonly dimension: number
  readonly constants: readonly number[]
  readonly there: Way
  readonly back: Way
  readonly dispose: () => void
}

/** One way: the points that rows and columns stand for, or the matrix. */
export interface Way {
  readonly rows: Cloud
  readonly columns: Cloud
  readonly tiles?: () => TensorInfo
}

export interface Cloud {
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
    bare: () =>
      points === undefined
        ? undefined
        : (records ??= recordsOf(device, [{ numbers: points, width, room: roomOfPoint(width) }], count)),
    dispose: () => {
      if (records !== undefined) device.free(records.info)
      points?.dispose()
    },
  }
}

/** Two clouds of points, under a cost that shaders compute. */
export const pointClouds = (device: Device, { functions, constants }: CostCode, x: Tensor2D, y: Tensor2D): Clouds => {
  const [n, d] = x.shape
  const from = cloudOf(
    device,
    untaped(() => keep(clone(x))),
    n,
    d,
  )
  const to =
    y === x
      ? from
      : cloudOf(
          device,
          untaped(() => keep(clone(y))),
          y.shape[0],
          d,
        )
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

/** A given matrix, whatever the points: laid out once for either way that is asked for. */
export const matrixClouds = (device: Device, entries: Tensor2D, dimension: number): Clouds => {
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
