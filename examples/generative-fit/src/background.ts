import { tensorFrom } from '@monge/backend'
import type { Backend } from '@monge/backend'
import { kernelSum } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import { disposeMeasure, fromArrays, measureOrThrow } from '@monge/measures'
import type { Measure } from '@monge/measures'
import { solve, sparsePlan } from '@monge/sinkhorn'
import { heatMap, planLines } from '@monge/viz'
import type { Layer } from '@monge/viz'
import type { Tensor2D } from '@tensorflow/tfjs-core'
import type { Background } from './losses.js'
import type { Sample } from './models.js'

/** The part of the plane that pictures show. */
export const span = [-2.4, 2.4] as const

const cells = 64

const measured = <A>(backend: Backend, samples: readonly Sample[], body: (...measures: readonly Measure[]) => A): A => {
  const measures = samples.map(({ points, weights }) => measureOrThrow(fromArrays(points, weights, backend)))
  const result = body(...measures)
  for (const measure of measures) disposeMeasure(measure)
  return result
}

/** `sum_j b_j k(x, y_j)` at the middles of a grid's cells, row by row from below. */
const field = (backend: Backend, kernel: Kernel, sample: Sample): readonly (readonly number[])[] => {
  const middle = (cell: number): number => span[0] + ((span[1] - span[0]) * (cell + 0.5)) / cells
  const places = Array.from({ length: cells * cells }, (_, cell) => [middle(cell % cells), middle(Math.floor(cell / cells))])
  return measured(backend, [sample], (measure) => {
    const grid = backend.within(() => tensorFrom<Tensor2D>(places.flat(), [places.length, 2]))
    const sums = kernelSum(kernel)(backend)(measure as Measure, grid)
    const values = Array.from(sums.dataSync())
    grid.dispose()
    sums.dispose()
    return Array.from({ length: cells }, (_, row) => values.slice(row * cells, (row + 1) * cells))
  })
}

/** What the notebook draws behind a fit: `k ⋆ (model - data)`, the model's log-likelihood, or the heaviest of the plan. */
export const backgroundOf = (background: Background, model: Sample, data: Sample, backend: Backend): Layer => {
  switch (background.tag) {
    case 'field': {
      const [ofModel, ofData] = [field(backend, background.kernel, model), field(backend, background.kernel, data)]
      const values = ofModel.map((row, i) => row.map((value, k) => value - (ofData[i]?.[k] ?? 0)))
      return plain(heatMap({ values, x: span, y: span, map: 'purple-orange' }))
    }
    case 'likelihood': {
      const values = field(backend, background.kernel, model).map((row) => row.map((value) => Math.log(Math.max(value, 1e-4))))
      return plain(heatMap({ values, x: span, y: span, map: 'greys' }))
    }
    case 'plan':
      return measured(backend, [model, data], (mu, nu) => {
        const { plan } = solve({ ...background.options, tolerance: 1e-3 })(backend)(mu as Measure, nu as Measure)
        const entries = sparsePlan(4)(plan)
        plan.f.dispose()
        plan.g.dispose()
        return planLines({ from: model.points, to: data.points, plan: entries, top: 600 })
      })
  }
}

// The panels' fields have scales of their own, and are to be read by shape: one key would be wrong for all but one.
const plain = ({ extent, legend, inset, draw }: Layer): Layer => ({ extent, legend, inset, draw })
