import { around, samplerNames } from '@monge-examples/langevin-gaussian/theory'
import { plot } from '@monge/viz'
import type { Extent } from '@monge/viz'
import type { Page } from '../../experiment.js'
import { cloud, pointsOf, radiusFor } from '../../layers/cloud.js'

const view: Extent = { x: [-11, 11], y: [-11, 11] }
const [orange, grey] = ['#d55e00', '#8c8c8c']
const words: Readonly<Record<string, string>> = { ULA: 'unadjusted (ULA)', MALA: 'adjusted (MALA)', BAOAB: 'underdamped (BAOAB)' }

export const page: Page = {
  id: 'langevin-gaussian',
  title: 'Langevin on a Gaussian',
  about: [
    `Particles, spread evenly over the square from -10 to 10, follow Langevin dynamics to the Gaussian about (${around.join(', ')})
    with unit covariance. Orange: the particles. Grey: independent draws of the target.`,
    `An unadjusted step is x - η∇V(x) + √(2η) ξ. It takes the mean nearer by the factor 1 - η, and settles at the variance
    1 / (1 - η/2): try long steps to see that bias. The adjusted sampler refuses some of its steps and has none; the underdamped one
    has velocities, and on a Gaussian no bias either.`,
    `W2 of moments is the distance from the Gaussian with the particles' mean and covariance to the target. Theory is the exact law of
    the scheme; of the adjusted sampler it is the law of the diffusion, which short steps follow. W2 to draws is exact transport to
    four times as many draws, for up to 200 particles: so many draws of the target itself would not come to zero either.`,
  ],
  source: 'examples/langevin-gaussian',
  controls: [
    {
      kind: 'choice',
      name: 'sampler',
      label: 'Sampler',
      options: samplerNames.map((value) => ({ value, label: words[value] ?? value })),
      initial: 'ULA',
    },
    { kind: 'range', name: 'step', label: 'Step η', min: 0.001, max: 1.9, step: 0.001, initial: 0.01, logarithmic: true },
    { kind: 'range', name: 'particles', label: 'Particles', min: 10, max: 50_000, step: 1, initial: 100, logarithmic: true },
    { kind: 'range', name: 'steps', label: 'Steps', min: 10, max: 2000, step: 10, initial: 500 },
    { kind: 'range', name: 'pace', label: 'Steps a picture', min: 1, max: 50, step: 1, initial: 2 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 },
  ],
  curves: [
    { reading: 'distance', label: 'W2 of moments', logarithmic: true, beside: { reading: 'distanceTheory', label: 'in theory' } },
    { reading: 'variance', label: 'variance', logarithmic: true, beside: { reading: 'varianceTheory', label: 'in theory' } },
  ],
  readings: [
    { reading: 'mean1', label: 'mean, first' },
    { reading: 'mean1Theory', label: 'mean, first, in theory' },
    { reading: 'mean2', label: 'mean, second' },
    { reading: 'mean2Theory', label: 'mean, second, in theory' },
    { reading: 'variance', label: 'variance' },
    { reading: 'varianceTheory', label: 'variance in theory' },
    { reading: 'covariance', label: 'covariance' },
    { reading: 'distance', label: 'W2 of moments' },
    { reading: 'distanceTheory', label: 'W2 in theory' },
    { reading: 'exact', label: 'W2 to draws' },
    { reading: 'acceptance', label: 'acceptance' },
  ],
  mode: 'run',
  backends: ['simd', 'webgl'],
  draw: ({ step, clouds }, _, { width, height }) => {
    const particles = pointsOf(clouds, 'particles')
    return plot({
      title: `Step ${step}`,
      description: 'The particles, over draws of the target.',
      width,
      height,
      equal: true,
    })([
      cloud(pointsOf(clouds, 'draws'), view, { colour: grey, radius: 1.7, opacity: 0.4, label: 'draws of the target' }),
      cloud(particles, view, {
        colour: orange,
        radius: radiusFor(particles.length / 2),
        opacity: particles.length > 4000 ? 0.5 : 0.9,
        label: 'particles',
      }),
    ])
  },
}
