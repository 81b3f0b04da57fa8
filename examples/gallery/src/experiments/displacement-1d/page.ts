import { curves, plot } from '@monge/viz'
import type { Scene } from '@monge/viz'
import { together } from '../../drawing.js'
import type { Page, Size } from '../../experiment.js'
import type { Extra } from './extra.js'

const densities = ({ t, grid, start, end, law, estimate }: Extra, { width, height }: Size): Scene =>
  plot({
    title: `Densities, t = ${t.toFixed(2)}`,
    width,
    height,
    x: { label: 'x', domain: [grid[0] ?? 0, grid.at(-1) ?? 1] },
    y: { label: 'density', domain: [0, 1.35 * Math.max(...start, ...end)] },
  })([
    curves([
      { x: grid, y: start, colour: '#8c8c8c', dash: [2, 3], label: 'start' },
      { x: grid, y: end, colour: '#8c8c8c', dash: [8, 3], label: 'end' },
      { x: grid, y: law, colour: '#0072b2', dash: [5, 3], label: 'normal law at t' },
    ]),
    curves([{ x: grid, y: estimate, colour: '#d55e00', strokeWidth: 2.2, label: 'kernel estimate' }]),
  ])

const map = ({ t, places, images }: Extra, { width, height }: Size): Scene =>
  plot({
    title: 'The Brenier map',
    width,
    height,
    x: { label: 'x' },
    y: { label: 'where x goes', domain: [Math.min(...places, ...images), Math.max(...places, ...images)] },
  })([
    curves([
      { x: places, y: images, colour: '#0072b2', dash: [5, 3], label: 'T = G⁻¹ ∘ F' },
      {
        x: places,
        y: places.map((x, k) => (1 - t) * x + t * (images[k] ?? x)),
        colour: '#d55e00',
        dash: [],
        strokeWidth: 2.2,
        label: '(1 - t) x + t T(x)',
      },
    ]),
  ])

const normal = (name: string, of: string, mean: number, deviation: number): Page['controls'] => [
  { kind: 'range', name: `${name}Mean`, label: `Mean of the ${of}`, min: -5, max: 10, step: 0.5, initial: mean },
  { kind: 'range', name: `${name}Deviation`, label: `Deviation of the ${of}`, min: 0.1, max: 4, step: 0.1, initial: deviation },
]

export const page: Page = {
  id: 'displacement-1d',
  title: 'Displacement interpolation on the line',
  about: [
    'Particles drawn from one normal law move in straight lines, at constant speed, to where the Brenier map T = G⁻¹ ∘ F sends them; F and G are the distribution functions of the first law and the second. At time t a particle is at (1 - t) x + t T(x).',
    'In between the law is normal too, of mean (1 - t) m + t m′ and deviation (1 - t) s + t s′: the density of the particles, estimated by kernels (orange), follows it (blue). And it is as far from the start as the time that has passed: W₂(start, t) = t W₂(start, end), but for the chance of a finite sample.',
    'Try two laws of one mean and different deviations, or few particles.',
  ],
  source: 'examples/displacement-1d',
  controls: [
    ...normal('from', 'start', 0, 1),
    ...normal('to', 'end', 5, 2),
    { kind: 'range', name: 'points', label: 'Particles', min: 10, max: 5000, step: 10, initial: 1000, logarithmic: true },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 },
  ],
  curves: [],
  readings: [
    { reading: 't', label: 't', digits: 3 },
    { reading: 'gone', label: 'W₂ from the start, of the particles', digits: 5 },
    { reading: 'share', label: 't W₂, of the laws', digits: 5 },
    { reading: 'whole', label: 'W₂ between the laws', digits: 8 },
    { reading: 'error', label: 'W₂² is known to within', digits: 2 },
    { reading: 'mean', label: 'mean of the particles', digits: 4 },
    { reading: 'lawMean', label: 'mean of the law at t', digits: 4 },
    { reading: 'variance', label: 'variance of the particles', digits: 4 },
    { reading: 'lawVariance', label: 'variance of the law at t', digits: 4 },
  ],
  mode: 'slider',
  backends: ['simd'],
  draw: ({ extra }, _settings, { width, height }) => {
    const shown = extra as Extra
    const words = {
      title: `Displacement interpolation on the line, t = ${shown.t.toFixed(2)}`,
      description: 'The density of the moving particles beside that of the normal law in between; and the Brenier map.',
    }
    if (width < 700)
      return together(words, { width, height: 560 }, [
        { scene: densities(shown, { width, height: 300 }), at: [0, 0] },
        { scene: map(shown, { width, height: 250 }), at: [0, 310] },
      ])
    const left = Math.round(0.62 * width)
    return together(words, { width, height }, [
      { scene: densities(shown, { width: left, height }), at: [0, 0] },
      { scene: map(shown, { width: width - left, height }), at: [left, 0] },
    ])
  },
}
