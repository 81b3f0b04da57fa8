import { noteOf, titleOf } from '@monge-examples/gradient-flows/losses'
import { categorical, plot, scatter } from '@monge/viz'
import { somePresets } from '../../clouds/presets.js'
import { framed, planar, thinned } from '../../framing.js'
import { parametersOf } from './parameters.js'
import type { Page } from '../../experiment.js'

const [blue = 'blue', orange = 'orange'] = categorical

const presets = somePresets('letter-a', 'letter-b', 'ring', 'disc', 'heart', 'star', 'two-moons', 'spiral', 'word-monge')

// Arrows point this far ahead in time, and there are no more of them than can be told apart.
const ahead = 0.3
const mostArrows = 120

export const page: Page = {
  id: 'gradient-flows',
  title: 'Gradient flows',
  about: [
    'The orange points flow onto the blue ones, downhill on a loss between the two clouds. The loss decides the path: try the energy distance, then a Gaussian kernel with a small blur.',
    'Each of the N points moves by dx_i/dt = −N ∂L/∂x_i, in Euler steps. Kernel norms (Gaussian, Laplacian, energy) pull every point by every other; transport sends each point to its partner. With a reach, mass that is farther off than that is let go.',
    'After J. Feydy et al., Interpolating between optimal transport and MMD using Sinkhorn divergences (2019).',
  ],
  source: 'examples/gradient-flows',
  controls: [
    {
      kind: 'choice',
      name: 'loss',
      label: 'Loss',
      options: [
        { value: 'sinkhorn', label: 'Sinkhorn divergence' },
        { value: 'energy', label: 'Energy distance' },
        { value: 'gaussian', label: 'Gaussian kernel' },
        { value: 'laplacian', label: 'Laplacian kernel' },
        { value: 'hausdorff', label: 'Soft Hausdorff divergence' },
      ],
      initial: 'sinkhorn',
    },
    {
      kind: 'choice',
      name: 'p',
      label: 'Cost of transport',
      help: 'For the Sinkhorn and Hausdorff divergences.',
      options: [
        { value: '2', label: 'half the squared distance (p = 2)' },
        { value: '1', label: 'the distance (p = 1)' },
      ],
      initial: '2',
    },
    {
      kind: 'range',
      name: 'blur',
      label: 'Blur',
      help: 'The scale below which points are not told apart; the width of a kernel. The square is 1 wide.',
      min: 0.005,
      max: 1,
      step: 0.005,
      initial: 0.05,
      logarithmic: true,
    },
    {
      kind: 'range',
      name: 'reach',
      label: 'Reach',
      where: { name: 'loss', is: 'sinkhorn' },
      help: 'Farther than this, mass is not moved. At the right end there is no limit.',
      min: 0.05,
      max: 2,
      step: 0.05,
      initial: 2,
      logarithmic: true,
    },
    { kind: 'range', name: 'step', label: 'Length of a step', min: 0.01, max: 0.5, step: 0.01, initial: 0.05 },
    { kind: 'range', name: 'steps', label: 'Steps', min: 20, max: 1000, step: 20, initial: 300 },
    { kind: 'range', name: 'points', label: 'Points in each cloud', min: 50, max: 5000, step: 50, initial: 500, logarithmic: true },
    { kind: 'cloud', name: 'from', label: 'Start', initial: 'letter-a', presets },
    { kind: 'cloud', name: 'to', label: 'Target', initial: 'letter-b', presets },
    { kind: 'switch', name: 'arrows', label: 'Arrows where points are bound for', initial: true },
    { kind: 'range', name: 'seed', label: 'Seed', min: 1, max: 100, step: 1, initial: 1 },
  ],
  curves: [{ reading: 'loss', label: 'Loss', logarithmic: true }],
  readings: [
    { reading: 'time', label: 'Time' },
    { reading: 'loss', label: 'Loss' },
  ],
  mode: 'run',
  backends: ['simd', 'webgl', 'wasm'],
  draw: ({ clouds, extra, readings }, settings, { width, height }) => {
    const square = framed([-0.02, 1.02])
    const parameters = parametersOf(settings)
    const { velocities } = (extra ?? {}) as { readonly velocities?: Float32Array }
    const flow = clouds['flow']?.points ?? new Float32Array(2)
    const target = clouds['target']?.points ?? new Float32Array(2)
    const bound =
      velocities === undefined || settings['arrows'] !== true
        ? {}
        : { velocities: planar(thinned(velocities, mostArrows)), reach: ahead, arrowColour: '#8a3d00' }
    return plot({
      title: `${titleOf(parameters)}: t = ${(readings['time'] ?? 0).toFixed(2)}`,
      description: noteOf(parameters),
      // A square for a square; what is above it takes some of the height.
      width: Math.min(width, height),
      height: Math.min(height, width + 40),
      axes: 'frame',
      equal: true,
    })([
      square(scatter({ points: planar(target), colour: blue, opacity: 0.55, label: 'target' })),
      square(scatter({ points: planar(flow), colour: orange, label: 'flow', ...bound })),
    ])
  },
}
