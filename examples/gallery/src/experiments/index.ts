import type { Page } from '../experiment.js'

/** An experiment as the home page lists it. Its page is loaded when it is opened. */
export interface Entry {
  readonly id: string
  readonly title: string
  /** One line: what there is to see. */
  readonly summary: string
  readonly load: () => Promise<{ readonly page: Page }>
}

const pages = import.meta.glob<{ readonly page: Page }>('./*/page.ts')

// In the order of the home page. An entry whose folder has no page.ts (yet) is not shown.
const listed: readonly Omit<Entry, 'load'>[] = [
  { id: 'gradient-flows', title: 'Gradient flows', summary: 'One cloud flows onto another down the gradient of a loss.' },
  { id: 'divergence', title: 'Blur, reach and debiasing', summary: 'What each does to a flow, side by side.' },
  { id: 'displacement-2d', title: 'Displacement interpolation', summary: 'One cloud moves into another along the optimal plan.' },
  { id: 'displacement-1d', title: 'Displacement in one dimension', summary: 'Densities on a line, moved and mixed.' },
  { id: 'sliced-flow', title: 'Sliced flow', summary: 'Transport by sorting along many directions.' },
  { id: 'sliced-barycenter', title: 'A sliced barycenter', summary: 'The mean of two shapes, along many directions.' },
  { id: 'barycenter', title: 'Barycenters', summary: 'The mean of several shapes, as measures.' },
  { id: 'generative-fit', title: 'Fitting a model', summary: 'A parametric model learns a distribution.' },
  { id: 'blobs', title: 'Two blobs', summary: 'A generator learns two clusters.' },
  { id: 'custom-loss', title: 'A loss of your own', summary: 'Losses added up and pulled back along features.' },
  { id: 'digits', title: 'Digits', summary: 'A generator learns handwritten digits.' },
  { id: 'langevin-gaussian', title: 'Langevin on a Gaussian', summary: 'Samplers against a known answer.' },
  { id: 'langevin-targets', title: 'Langevin on other targets', summary: 'Samplers on bananas, rings and mixtures.' },
  { id: 'posterior', title: 'A posterior', summary: 'Sampling what data say of parameters.' },
  { id: 'score-digits', title: 'Score-based sampling', summary: 'Digits out of noise, along a learned score.' },
  { id: 'property-testing', title: 'Laws', summary: 'The invariants of transport, tried at random.' },
]

export const experiments: readonly Entry[] = listed.flatMap((entry) => {
  const load = pages[`./${entry.id}/page.ts`]
  return load === undefined ? [] : [{ ...entry, load }]
})
