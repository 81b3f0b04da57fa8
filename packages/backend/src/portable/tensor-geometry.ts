import { add, concat, min, mul, reshape, slice, sub, sum, tidy, transpose } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core'
import type { Float } from '../backend.js'
import type { Geometry } from '../geometry.js'
import type { Place } from '../place.js'
import { constant } from '../tensors.js'
import type { Dialect } from './dialect.js'
import type { Block } from './rows.js'
import type { StoredRows } from './stored-rows.js'
import { untaped } from '../untaped.js'

/** One direction of a geometry, and how to get the other. */
export interface Direction {
  readonly place: Place
  readonly dialect: Dialect
  readonly here: StoredRows
  readonly rows: number
  readonly columns: number
  readonly dimension: number
  readonly transpose: () => Geometry<Tensor>
  readonly dispose: () => void
}

/** The reductions over a matrix of which no more than a block is in hand at a time. */
export const tensorGeometry = (direction: Direction): Geometry<Tensor> => {
  const { place, dialect, here, rows, columns, dimension } = direction

  const overBlocks = <T extends Tensor>(body: (block: Block) => T): T =>
    place.within(() =>
      untaped(() => {
        const parts = here.blocks.map((block) => tidy(() => body(block)))
        const [first] = parts
        return parts.length === 1 && first !== undefined ? first : concat(parts)
      }),
    )

  // exp(p_i + q_j - c_ij / epsilon) of the block, as scale_i entries_ij
  const plan = (epsilon: number, p: Tensor, q: Tensor, block: Block) =>
    dialect.exponential(part(block, p), sub(q, here.scaled(block, epsilon)))

  const products = (block: Block, u: Tensor, v: Tensor, k: number): Tensor2D =>
    dialect.product(part2(block, u, k), transpose(matrix(v, k)))

  return {
    rows,
    columns,
    dimension,
    transpose: direction.transpose,
    dispose: direction.dispose,
    softmin: (epsilon, q, shift = 0) =>
      overBlocks((block) => {
        const raise = Math.log(columns) - shift
        const raised = raise === 0 ? q : add(q, constant(raise))
        return mul(dialect.logMeanExp(sub(raised, here.scaled(block, epsilon))), constant(-epsilon))
      }),
    minimum: (g) => overBlocks((block) => min(sub(here.entries(block), g), 1)),
    planSum: (epsilon, p, q, v, k) =>
      flat(() =>
        overBlocks((block) => {
          const { entries, scale } = plan(epsilon, p, q, block)
          return scaleRows(dialect.product(entries, matrix(v, k)), scale)
        }),
      ),
    planCost: (epsilon, p, q) =>
      overBlocks((block) => {
        const { entries, scale } = plan(epsilon, p, q, block)
        const costs = sum<Tensor1D>(mul(entries, here.entries(block)), 1)
        return scale === undefined ? costs : mul(costs, scale)
      }),
    planGradient: (epsilon, p, q, u, v, k) =>
      flat(() =>
        overBlocks((block) => {
          const { weights, scale } = tidy(() => {
            const { entries, scale: rowScale } = plan(epsilon, p, q, block)
            const weighted = k === 1 ? mul<Tensor2D>(entries, v) : mul<Tensor2D>(entries, products(block, u, v, k))
            const factor = k === 1 ? part(block, u) : undefined
            return {
              weights: weighted,
              scale:
                factor === undefined ? rowScale : rowScale === undefined ? factor : mul<Tensor1D>(rowScale, factor),
            }
          })
          return scaleRows(here.slopes(block, weights), scale)
        }),
      ),
    sum: (v, k) => flat(() => overBlocks((block) => dialect.product(here.entries(block), matrix(v, k)))),
    sumGradient: (u, v, k) => flat(() => overBlocks((block) => here.slopes(block, products(block, u, v, k)))),
    entries: (start, count) => place.within(() => read(here, columns, start, count)),
  }
}

const part = ({ start, count }: Block, p: Tensor): Tensor1D => slice(p as Tensor1D, [start], [count])

const part2 = ({ start, count }: Block, u: Tensor, k: number): Tensor2D =>
  reshape(slice(u, [start * k], [count * k]), [count, k])

const matrix = (v: Tensor, k: number): Tensor2D => reshape(v, [v.size / k, k])

const scaleRows = (values: Tensor2D, scale: Tensor1D | undefined): Tensor2D =>
  scale === undefined ? values : mul(values, reshape(scale, [scale.size, 1]))

const flat = (body: () => Tensor2D): Tensor1D =>
  untaped(() => {
    const values = body()
    return reshape(values, [values.size])
  })

const read = (rows: StoredRows, columns: number, start: number, count: number): Float => {
  const most = Math.max(...rows.blocks.map((block) => block.count))
  const parts = Array.from({ length: Math.ceil(count / most) }, (_, index): Float => {
    const at = start + index * most
    const block = untaped(() => rows.entries({ start: at, count: Math.min(most, start + count - at) }))
    const values = block.dataSync<'float32'>() as Float
    block.dispose()
    return values
  })
  const [first] = parts
  if (first === undefined) return new Float32Array(0)
  const result = first instanceof Float64Array ? new Float64Array(count * columns) : new Float32Array(count * columns)
  parts.forEach((values, index) => result.set(values, index * most * columns))
  return result
}
