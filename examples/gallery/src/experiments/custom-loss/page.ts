import { panels } from '@monge-examples/custom-loss/picture'
import { pointsIn } from '../../drawing.js'
import type { Page } from '../../experiment.js'

export const page: Page = {
  id: 'custom-loss',
  title: 'A loss of your own',
  about: [
    'A loss is a function of two measures, and losses add up: loss = a · sliced + b · features + c · narrow. The first is the squared sliced Wasserstein distance along 40 directions; the second an energy distance between subsamples of 96 points, seen with half their squared radius as a third coordinate; the third the discrepancy of a Gaussian kernel. In code: pipe(sliced, add(scale(b)(features)), add(scale(c)(narrow))).',
    'A network 2-64-64-2 goes down that sum by Adam, from fresh noise and fresh data in each step, and learns a spiral. Grey: 300 points that no step sees; orange: samples, always of the same noise.',
    'Now and then the samples are judged: by a kernel test (p near 0: samples and data are told apart), the Sinkhorn divergence of blur .2 with its bootstrap interval, the sliced distance, and nearest neighbours. Try one part alone, or a kernel so narrow that it sees nothing at first.',
  ],
  source: 'examples/custom-loss',
  controls: [
    { kind: 'range', name: 'sliced', label: 'a: sliced', min: 0, max: 2, step: 0.1, initial: 1 },
    { kind: 'range', name: 'features', label: 'b: features', min: 0, max: 2, step: 0.1, initial: 1 },
    { kind: 'range', name: 'narrow', label: 'c: narrow kernel', min: 0, max: 2, step: 0.1, initial: 0.5 },
    { kind: 'range', name: 'width', label: 'Deviation of the narrow kernel', min: 0.03, max: 3, step: 0.01, initial: 0.3, logarithmic: true },
    { kind: 'range', name: 'batch', label: 'Points in a step', help: 'of the network and of the data', min: 16, max: 1024, step: 16, initial: 256 },
    { kind: 'range', name: 'steps', label: 'Steps', min: 50, max: 3000, step: 50, initial: 500 },
    { kind: 'range', name: 'stepsPerFrame', label: 'Steps per picture', min: 1, max: 20, step: 1, initial: 2 },
    { kind: 'range', name: 'judgeEvery', label: 'Judge every … steps', min: 10, max: 500, step: 10, initial: 100 },
    { kind: 'range', name: 'resamples', label: 'Resamples of the interval', help: 'each is a divergence: judging takes as long', min: 2, max: 200, step: 1, initial: 50, logarithmic: true },
    { kind: 'range', name: 'seed', label: 'Seed', min: 1, max: 100, step: 1, initial: 1 },
  ],
  curves: [
    { reading: 'mean', label: 'loss, mean over 20 steps', logarithmic: true },
    { reading: 'divergenceThen', label: 'divergence, when judged', logarithmic: true },
  ],
  readings: [
    { reading: 'mean', label: 'loss, mean over 20 steps', digits: 3 },
    { reading: 'of-sliced', label: 'sliced, of what is shown', digits: 3 },
    { reading: 'of-features', label: 'features, of what is shown', digits: 3 },
    { reading: 'of-narrow', label: 'narrow, of what is shown', digits: 3 },
    { reading: 'judgedAt', label: 'judged at step' },
    { reading: 'pValue', label: 'p-value', digits: 3 },
    { reading: 'divergence', label: 'Sinkhorn divergence', digits: 3 },
    { reading: 'low', label: 'its interval, from', digits: 3 },
    { reading: 'high', label: 'to', digits: 3 },
    { reading: 'distance', label: 'sliced distance', digits: 3 },
    { reading: 'precision', label: 'precision', digits: 2 },
    { reading: 'recall', label: 'recall', digits: 2 },
    { reading: 'density', label: 'density', digits: 2 },
    { reading: 'coverage', label: 'coverage', digits: 2 },
  ],
  mode: 'run',
  backends: ['simd', 'webgl', 'wasm'],
  draw: (frame, _settings, { width, height }) =>
    panels(
      `Step ${frame.step}`,
      [{ title: 'samples over held-out data', heldOut: pointsIn(frame, 'heldOut'), samples: pointsIn(frame, 'samples') }],
      Math.floor(Math.min(width - 32, Math.max(height - 94, 300))),
    ),
}
