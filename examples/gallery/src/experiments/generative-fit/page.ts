import { layersOf } from '@monge-examples/generative-fit/picture'
import { span } from '@monge-examples/generative-fit/plane'
import type { Sample } from '@monge-examples/generative-fit/plane'
import type { Seen } from '@monge-examples/generative-fit/seen'
import { titles } from '@monge-examples/generative-fit/titles'
import { smallMultiples } from '@monge/viz'
import { rowsOf } from '../../drawing.js'
import type { Rows } from '../../drawing.js'
import type { Frame, Page } from '../../experiment.js'
import { inside } from '../../inside.js'

// In a page there is one backend at a time, and it decides in which domain it solves transport.
const names = { ...titles, plain: 'transport' }
const { log: _, ...offered } = names

const rowsIn = ({ clouds }: Frame, name: string): Rows => rowsOf(clouds[name]?.points ?? [])

const sampleIn = (frame: Frame, name: string): Sample => ({
  points: rowsIn(frame, name),
  weights: Array.from(frame.clouds[name]?.weights ?? []),
})

export const page: Page = {
  id: 'generative-fit',
  title: 'Fitting a model by a choice of losses',
  about: [
    'The data (blue) lie about two places of a cubic. The model (orange) is a mixture of two normal classes along a curve of its own, which starts as a point at the origin. Each step of Adam compares fresh points of the model with all of the data, and moves the coefficients of the curve, the widths and the weights of the classes.',
    'Behind them lies what the loss sees: the field k ⋆ (model - data) of a kernel, purple where the model has too much and orange where too little; the log-likelihood under the model, dark where high; or the heaviest entries of the transport plan.',
    'Try the Gaussian kernel: it hardly pulls on what is far away. Give the model degree 3 and it can be the truth; the Sinkhorn divergence, with fresh data in each step, can then come as near to it as another sample does. Kernels have s = .25; transport has the cost |x - y|² and ε = .15².',
  ],
  source: 'examples/generative-fit',
  controls: [
    {
      kind: 'choice',
      name: 'loss',
      label: 'Loss',
      options: Object.entries(offered).map(([value, label]) => ({ value, label })),
      initial: 'energy',
    },
    { kind: 'range', name: 'points', label: 'Points N', help: 'of the data, and of the model in each step', min: 20, max: 1000, step: 10, initial: 200 },
    { kind: 'range', name: 'degree', label: 'Degree of the curve', help: 'the truth has degree 3', min: 1, max: 6, step: 1, initial: 2 },
    { kind: 'range', name: 'rate', label: 'Learning rate', min: 0.005, max: 0.5, step: 0.005, initial: 0.1, logarithmic: true },
    { kind: 'range', name: 'steps', label: 'Steps', min: 50, max: 2000, step: 50, initial: 500 },
    { kind: 'range', name: 'stepsPerFrame', label: 'Steps per picture', min: 1, max: 20, step: 1, initial: 1 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 1, max: 100, step: 1, initial: 1 },
    { kind: 'switch', name: 'seen', label: 'Draw what the loss sees', initial: true },
  ],
  curves: [
    { reading: 'loss', label: 'loss' },
  ],
  readings: [
    { reading: 'mean', label: 'loss, mean over 20 steps', digits: 4 },
    { reading: 'share', label: 'weight of the first class (in truth 0.73)', digits: 2 },
  ],
  mode: 'run',
  backends: ['simd', 'webgl', 'wasm'],
  draw: (frame, _settings, canvas) => {
    // Below the title and the legend, which takes two lines or more.
    const side = Math.min(canvas.width - 32, canvas.height - 110)
    const layers = layersOf({
      data: sampleIn(frame, 'data'),
      truth: { curve: rowsIn(frame, 'truth'), centres: rowsIn(frame, 'truthCentres') },
      fit: { curve: rowsIn(frame, 'curve'), centres: rowsIn(frame, 'centres') },
      model: sampleIn(frame, 'model'),
      // The run's own, of this very shape.
      ...(frame.extra === undefined ? {} : { seen: frame.extra as Seen }),
      ink: 1100 * (side / 210) ** 1.5,
    })
    const scene = smallMultiples({
      title: 'The model as it learns',
      description: 'Data, the true curve and the curve of the model; behind them what the loss sees.',
      panelWidth: side,
      panelHeight: side,
      equal: true,
      axes: 'frame',
      x: { domain: span },
      y: { domain: span },
    })([{ layers }])
    return inside(canvas)(scene)
  },
}
