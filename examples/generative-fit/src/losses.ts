import { squaredEuclidean } from '@monge/costs'
import { energy, gaussianOfWidth, kernelLogLikelihood, smoothedEnergy, smoothedLaplacian, squaredMmd } from '@monge/kernels'
import type { Kernel } from '@monge/kernels'
import type { Loss } from '@monge/losses'
import { constantSchedule, sinkhornCost, sinkhornDivergence } from '@monge/sinkhorn'
import type { SinkhornOptions } from '@monge/sinkhorn'
import type { Backend } from '@monge/backend'
import { asPublished, settling } from './recipe.js'
import type { Recipe } from './recipe.js'
import { titles } from './titles.js'
import type { WayName } from './titles.js'

/** What to draw behind a fit: the field of the loss's kernel, the model's log-likelihood, or the plan. */
export type Background =
  | { readonly tag: 'field'; readonly kernel: Kernel }
  | { readonly tag: 'likelihood'; readonly kernel: Kernel }
  | { readonly tag: 'plan'; readonly options: SinkhornOptions }

/** One way to fit. */
export interface Way {
  readonly name: WayName
  readonly title: string
  /** As many steps as the notebook takes. */
  readonly steps: number
  readonly recipe: Recipe
  readonly loss: (backends: Backends) => Loss
  readonly background: Background
}

/** Where transport is solved by scaling a stored kernel, and where by sums of exponentials in the log domain. */
export interface Backends {
  readonly plain: Backend
  readonly log: Backend
}

/** Cost |x - y|², ε = .15² */
const transport: SinkhornOptions = { p: 2, cost: squaredEuclidean, blur: 0.15 }

const kernelWay = (name: WayName, steps: number, kernel: Kernel): Way => ({
  name,
  title: titles[name],
  steps,
  recipe: asPublished,
  loss: ({ plain }) => squaredMmd(kernel)(plain),
  background: { tag: 'field', kernel },
})

const width = 0.25

/** The notebook's ways, and two that it leaves out: the energy distance and the debiased divergence. */
export const ways: readonly Way[] = [
  kernelWay('energy', 1000, smoothedEnergy(width)),
  kernelWay('gaussian', 500, gaussianOfWidth(width)),
  kernelWay('laplacian', 500, smoothedLaplacian(width)),
  kernelWay('distance', 500, energy()),
  {
    name: 'likelihood',
    title: titles.likelihood,
    steps: 500,
    recipe: asPublished,
    loss: ({ plain }) => kernelLogLikelihood(gaussianOfWidth(width))(plain),
    background: { tag: 'likelihood', kernel: gaussianOfWidth(width) },
  },
  {
    name: 'plain',
    title: titles.plain,
    steps: 300,
    recipe: asPublished,
    loss: ({ plain }) =>
      sinkhornCost({ ...transport, schedule: constantSchedule(1), tolerance: 1e-5, acceleration: { kind: 'none' } })(plain),
    background: { tag: 'plan', options: transport },
  },
  {
    name: 'log',
    title: titles.log,
    steps: 300,
    recipe: asPublished,
    loss: ({ log }) =>
      sinkhornCost({ ...transport, tolerance: 1e-5, acceleration: { kind: 'relaxation', factor: 1.5 } })(log),
    background: { tag: 'plan', options: transport },
  },
  {
    name: 'debiased',
    title: titles.debiased,
    steps: 300,
    recipe: settling,
    loss: ({ plain }) => sinkhornDivergence({ ...transport, scaling: 0.7 })(plain),
    background: { tag: 'plan', options: transport },
  },
]

/** How far two models are apart, whatever they were fitted by. */
export const judgeBy = (backend: Backend): Loss => sinkhornDivergence({ ...transport, tolerance: 1e-4 })(backend)
