import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { kernelSum } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { solve, sparsePlan } from '@monge/sinkhorn'
import type { SparsePlan } from '@monge/sinkhorn'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Background } from './losses.js'
import { span } from './plane.js'
import type { Sample } from './plane.js'

/** Numbers in the cells of a grid over the pictured part of the plane, row by row from below. */
export interface Grid {
  readonly data: Float32Array
  readonly shape: readonly [number, number]
}

/** What a loss sees of a model and data, as plain data. */
export type Seen =
  | { readonly tag: 'field' | 'likelihood'; readonly grid: Grid }
  | { readonly tag: 'plan'; readonly plan: SparsePlan }

const cells = 64

const measured = <A>(backend: Backend, samples: readonly Sample[], body: (...measures: readonly Measure[]) => A): A => {
  const measures = samples.map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend)))
  const result = body(...measures)
  for (const measure of measures) disposeMeasure(measure)
  return result
}

/** `sum_j b_j k(x, y_j)` at the middles of the cells. */
const field = (backend: Backend, kernel: Kernel, sample: Sample): Float32Array => {
  const middle = (cell: number): number => span[0] + ((span[1] - span[0]) * (cell + 0.5)) / cells
  const places = Array.from({ length: cells * cells }, (_, cell) => [middle(cell % cells), middle(Math.floor(cell / cells))])
  return measured(backend, [sample], (measure) => {
    const grid = backend.within(() => tensorFrom<Tensor2D>(places.flat(), [places.length, 2]))
    const sums = kernelSum(kernel)(backend)(measure as Measure, grid)
    const values = Float32Array.from(sums.dataSync())
    grid.dispose()
    sums.dispose()
    return values
  })
}

const gridOf = (data: Float32Array): Grid => ({ data, shape: [cells, cells] })

/** What the notebook draws behind a fit: `k ⋆ (model - data)`, the model's log-likelihood, or the heaviest of the plan. */
export const seenBy = (background: Background, model: Sample, data: Sample, backend: Backend): Seen => {
  switch (background.tag) {
    case 'field': {
      const [ofModel, ofData] = [field(backend, background.kernel, model), field(backend, background.kernel, data)]
      return { tag: 'field', grid: gridOf(ofModel.map((value, index) => value - (ofData[index] ?? 0))) }
    }
    case 'likelihood': {
      const values = field(backend, background.kernel, model)
      return { tag: 'likelihood', grid: gridOf(values.map((value) => Math.log(Math.max(value, 1e-4)))) }
    }
    case 'plan':
      return measured(backend, [model, data], (mu, nu) => {
        const { plan } = solve({ ...background.options, tolerance: 1e-3 })(backend)(mu as Measure, nu as Measure)
        const entries = sparsePlan(4)(plan)
        plan.f.dispose()
        plan.g.dispose()
        return { tag: 'plan', plan: entries }
      })
  }
}
