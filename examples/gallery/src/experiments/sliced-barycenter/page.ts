import { plot, scatter } from '@monge/viz'
import { pointsIn } from '../../drawing.js'
import type { Page } from '../../experiment.js'
import { measureControl, rateControl, seedControl, shapeControls } from '../sliced-flow/controls.js'

export const page: Page = {
  id: 'sliced-barycenter',
  title: 'A sliced barycenter',
  about: [
    'A mean of two shapes: the cloud that is nearest to both, (1 - s) SW(cloud, first) + s SW(cloud, second), in the sliced Wasserstein distance. It begins as noise and goes down the gradient of that sum, with directions drawn anew for each shape in each step.',
    'The steps are all of one size, so that the cloud does not come to rest, but keeps trembling about the barycenter.',
    'Try shares: at 0 the cloud becomes the first shape, at 1 the second, and in between something of both.',
  ],
  source: 'examples/sliced-flow',
  controls: [
    { kind: 'range', name: 'share', label: 'Share of the second shape', min: 0, max: 1, step: 0.05, initial: 0.5 },
    { kind: 'range', name: 'count', label: 'Points of the cloud', min: 50, max: 5000, step: 10, initial: 500, logarithmic: true },
    { kind: 'range', name: 'directions', label: 'Directions for each shape', min: 1, max: 200, step: 1, initial: 50, logarithmic: true },
    rateControl,
    { kind: 'range', name: 'steps', label: 'Steps', min: 10, max: 1000, step: 10, initial: 50 },
    measureControl,
    seedControl,
    ...shapeControls,
  ],
  curves: [{ reading: 'loss', label: 'mean of the sliced distances' }],
  readings: [
    { reading: 'loss', label: 'mean of the sliced distances', digits: 5 },
    { reading: 'measuredAt', label: 'measured at step' },
    { reading: 'latestToOne', label: 'W₂ to the first shape', digits: 5 },
    { reading: 'latestToOther', label: 'W₂ to the second shape', digits: 5 },
  ],
  mode: 'run',
  backends: ['simd', 'wasm', 'webgl'],
  draw: (frame, _settings, { width, height }) => {
    const side = Math.min(width, Math.max(height, 340))
    return plot({
      title: `The barycenter, step ${frame.step}`,
      description: 'The cloud, over both shapes in pale.',
      width: side,
      height: side + 44,
      x: { domain: [-8, 38] },
      y: { domain: [-8, 38] },
      axes: 'frame',
    })([
      scatter({ points: pointsIn(frame, 'one'), colour: '#56b4e9', opacity: 0.35, label: 'first' }),
      scatter({ points: pointsIn(frame, 'other'), colour: '#8c8c8c', opacity: 0.35, label: 'second' }),
      scatter({ points: pointsIn(frame, 'cloud'), colour: '#d55e00', label: 'cloud' }),
    ])
  },
}
