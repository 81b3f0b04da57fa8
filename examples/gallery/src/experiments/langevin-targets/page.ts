import { half, samplerNames, targetNames } from '@monge-examples/langevin-targets/words'
import { heatMap, smallMultiples } from '@monge/viz'
import type { Extent, Layer } from '@monge/viz'
import type { Page, Size } from '../../experiment.js'
import { cloud, pointsOf, radiusFor } from '../../layers/cloud.js'
import { remembered } from '../../layers/remembered.js'
import type { Extra } from './extra.js'

// Less than the density is told on: what is beyond has next to no mass.
const shown = 4.8
const view: Extent = { x: [-shown, shown], y: [-shown, shown] }

// The densest is tinted by a third: a background.
const tint = 0.35

const shades = new Map<string, Layer>()

const shadeOf = ({ target, cells, density }: Extra): Layer => {
  const known = shades.get(target)
  if (known !== undefined) return known
  const { legend, inset, draw } = heatMap({
    values: { data: density, shape: [cells, cells] },
    map: 'greys',
    domain: [0, 1 / tint],
    x: [-half, half],
    y: [-half, half],
  })
  // The density has no unit, and its colours no key.
  const layer = remembered({ extent: view, legend, inset, draw })
  shades.set(target, layer)
  return layer
}

const [margin, gap, top, heading] = [16, 10, 36, 18]

/** Panels that fill the picture: four in a row, or two and two. */
const panelsIn = ({ width, height }: Size): { readonly columns: number; readonly panelWidth: number; readonly panelHeight: number } => {
  const columns = width > 2 * height ? 4 : 2
  const rows = samplerNames.length / columns
  const room = height - top - margin - rows * heading - (rows - 1) * gap
  return {
    columns,
    panelWidth: Math.max(60, Math.floor((width - 2 * margin - (columns - 1) * gap) / columns)),
    panelHeight: Math.max(60, Math.floor(room / rows)),
  }
}

export const page: Page = {
  id: 'langevin-targets',
  title: 'Langevin on other targets',
  about: [
    `Four samplers on one target, side by side, from the same particles, with one gradient a step. Orange: the particles. Grey: the
    density of the target, exp(-V), which they know by its potential V alone.`,
    `ULA is the unadjusted Langevin algorithm, x - η∇V(x) + √(2η) ξ. MALA proposes the same step, refuses some, and finds its own η in
    the first quarter. Underdamped particles have velocities. SVGD (Stein variational gradient descent) moves them without noise, and
    keeps them apart.`,
    `The kernel Stein discrepancy says how far the particles are from the target as a cloud. Effective sample size and R-hat judge
    each particle as a chain, over the second half of what was drawn so far: R-hat near 1 means that chains have forgotten where they
    began. On targets with several modes a cloud is good long before its chains are.`,
  ],
  source: 'examples/langevin-targets',
  controls: [
    {
      kind: 'choice',
      name: 'target',
      label: 'Target',
      options: targetNames.map((value) => ({ value, label: value })),
      initial: 'mixture',
    },
    { kind: 'range', name: 'particles', label: 'Particles', min: 10, max: 500, step: 10, initial: 200 },
    { kind: 'range', name: 'steps', label: 'Steps', min: 20, max: 1000, step: 20, initial: 400 },
    { kind: 'range', name: 'pace', label: 'Steps a picture', min: 1, max: 20, step: 1, initial: 2 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 },
  ],
  curves: samplerNames.map((name) => ({ reading: `stein ${name}`, label: `Stein, ${name}`, logarithmic: true as const })),
  readings: [
    ...samplerNames.map((name) => ({ reading: `stein ${name}`, label: `Stein, ${name}` })),
    ...samplerNames.slice(0, 3).map((name) => ({ reading: `rHat ${name}`, label: `R-hat, ${name}` })),
    ...samplerNames.slice(0, 3).map((name) => ({ reading: `effective ${name}`, label: `effective, ${name}` })),
    { reading: 'acceptance', label: 'acceptance, MALA' },
  ],
  mode: 'run',
  backends: ['simd', 'webgl'],
  draw: ({ step, clouds, extra }, _, size) => {
    const shade = shadeOf(extra as Extra)
    return {
      ...smallMultiples({
        title: `Step ${step}`,
        description: 'A panel for each sampler; particles over the density of the target.',
        equal: true,
        axes: 'frame',
        gap,
        ...panelsIn(size),
      })(
        samplerNames.map((name) => {
          const points = pointsOf(clouds, name)
          const style = { colour: '#d55e00', opacity: 0.8, radius: radiusFor(points.length) }
          return { title: name, layers: [shade, cloud(points, view, style)] }
        }),
      ),
      ...size,
    }
  },
}
