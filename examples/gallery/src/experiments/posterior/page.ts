import { across, colourOf, ellipses, intervals, up } from '@monge-examples/posterior/show'
import { plot } from '@monge/viz'
import type { Extent, Scene } from '@monge/viz'
import type { Frame, Page, Size } from '../../experiment.js'
import { inside } from '../../inside.js'
import { cloud, radiusFor } from '../../layers/cloud.js'
import type { Extra } from './extra.js'

const viewOf = ({ laplace: { mode, covariance } }: Extra): Extent => {
  const range = (axis: number): readonly [number, number] => {
    const deviation = Math.sqrt(covariance[axis]?.[axis] ?? 1)
    // The posterior is skew: it reaches farther up than down.
    return [(mode[axis] ?? 0) - 3 * deviation, (mode[axis] ?? 0) + 5 * deviation]
  }
  return { x: range(across), y: range(up) }
}

const clouds = ({ step, clouds: chains, extra }: Frame, size: Size): Scene => {
  const view = viewOf(extra as Extra)
  const all = Object.entries(chains)
  const radius = Math.max(1.7, radiusFor(step * all.length + 1))
  return plot({
    ...size,
    title: step === 0 ? 'Where the chains start' : `Draw ${step}`,
    description: 'Draws of two coefficients, a colour for each chain, over two contours of the Laplace approximation.',
    x: { label: 'petal length' },
    y: { label: 'petal width' },
  })([
    ...all.map(([, { points }], chain) => cloud(points, view, { colour: colourOf(chain), radius: step === 0 ? 4 : radius, opacity: 0.6 })),
    ellipses((extra as Extra).laplace),
  ])
}

const gap = 8

/** Draws and intervals, beside each other or, where it is narrow, one above the other. */
const layout = ({ width, height }: Size): { readonly left: Size; readonly right: Size; readonly at: readonly [number, number] } => {
  if (width < 620) return { left: { width, height: width }, right: { width, height: 1.1 * width }, at: [0, width + gap] }
  const left = Math.round(0.54 * width)
  return { left: { width: left, height }, right: { width: width - left - gap, height }, at: [left + gap, 0] }
}

export const page: Page = {
  id: 'posterior',
  title: 'Which iris is it? A posterior',
  about: [
    `Bayesian logistic regression on 80 of Fisher's irises: is it virginica, or versicolor? Chains draw the five coefficients from their
    posterior. The cloud shows two of them, a colour for each chain; the lines hold 90 % of the draws of each coefficient, beside
    Laplace's approximation, the Gaussian about the mode with the curvature there (black contours: half of it, and 90 %).`,
    `The potential is V(θ) = |θ|²/2s² + Σ log(1 + exp(θ·x)) - y θ·x. Coefficients belong to measurements in standard deviations and
    have the prior N(0, s²); chains begin half as far again apart as the posterior is wide, and take a quarter as many steps before the
    draws count. MALA finds its own step; SGLD sees 16 irises at a time.`,
    `R-hat (Vehtari et al. 2021) is the worst of the five coefficients: close to 1 once the chains agree. Effective sample sizes say how
    many independent draws would tell as much. The posterior is skew, and Laplace's Gaussian cannot know: try a wider prior.`,
  ],
  source: 'examples/posterior',
  controls: [
    {
      kind: 'choice',
      name: 'sampler',
      label: 'Sampler',
      options: [
        { value: 'MALA', label: 'adjusted (MALA)' },
        { value: 'underdamped', label: 'underdamped (BAOAB)' },
        { value: 'SGLD', label: 'minibatches (SGLD)' },
      ],
      initial: 'MALA',
    },
    { kind: 'range', name: 'prior', label: 'Deviation of the prior', min: 0.5, max: 20, step: 0.1, initial: 5, logarithmic: true },
    { kind: 'range', name: 'chains', label: 'Chains', min: 2, max: 7, step: 1, initial: 4 },
    { kind: 'range', name: 'draws', label: 'Draws of each chain', min: 40, max: 4000, step: 20, initial: 500, logarithmic: true },
    { kind: 'range', name: 'pace', label: 'Draws a picture', min: 1, max: 50, step: 1, initial: 5 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 },
  ],
  curves: [
    { reading: 'rHat', label: 'worst R-hat', logarithmic: true },
    { reading: 'bulkEss', label: 'least effective sample size' },
  ],
  readings: [
    { reading: 'rHat', label: 'worst R-hat', digits: 4 },
    { reading: 'bulkEss', label: 'bulk ESS, least' },
    { reading: 'tailEss', label: 'tail ESS, least' },
    { reading: 'acceptance', label: 'acceptance' },
    { reading: 'step', label: 'step' },
    { reading: 'petalMean', label: 'petal length, mean' },
    { reading: 'petalLow', label: '5 %' },
    { reading: 'petalHigh', label: '95 %' },
    { reading: 'stein', label: 'Stein discrepancy' },
    { reading: 'accuracy', label: 'share of held out told right' },
    { reading: 'logScore', label: 'mean log score' },
  ],
  mode: 'run',
  backends: ['simd', 'webgl'],
  draw: (frame, _, size) => {
    const { left, right, at } = layout(size)
    const scene = clouds(frame, left)
    const panel = { panelWidth: 300, panelHeight: Math.max(24, Math.round((300 * right.height) / right.width / 5) - 30) }
    const beside = inside(right)(intervals((frame.extra as Extra).estimates, panel))
    return {
      ...scene,
      width: size.width,
      height: at[1] + right.height,
      marks: [...scene.marks, { kind: 'group', move: at, marks: beside.marks }],
    }
  },
}
