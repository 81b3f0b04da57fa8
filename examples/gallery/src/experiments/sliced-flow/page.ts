import { plot, scatter } from '@monge/viz'
import { pointsIn } from '../../drawing.js'
import type { Page } from '../../experiment.js'
import { measureControl, rateControl, seedControl, shapeControls } from './controls.js'

export const page: Page = {
  id: 'sliced-flow',
  title: 'A sliced flow',
  about: [
    'On a line optimal transport is sorting. The sliced distance takes two clouds to lines in many directions, and the mean of what it finds: SW² = mean over directions θ of W₂²(θ·μ, θ·ν). Here a cloud goes down the gradient of the distance to a shape 60 units to its right, with directions drawn anew in each step i, and steps of size 1000 / (1 + i/50), as in an example of the POT library.',
    'With few directions the cloud trembles, as each step sees other ones; as the steps get shorter it trembles less. The exact Wasserstein distances below the picture tell how near it really is.',
    'Try a single direction, larger steps, or shapes of your own.',
  ],
  source: 'examples/sliced-flow',
  controls: [
    { kind: 'range', name: 'directions', label: 'Directions in each step', min: 1, max: 200, step: 1, initial: 20, logarithmic: true },
    rateControl,
    { kind: 'range', name: 'steps', label: 'Steps', min: 10, max: 1000, step: 10, initial: 100 },
    measureControl,
    seedControl,
    ...shapeControls,
  ],
  curves: [
    { reading: 'loss', label: 'sliced distance' },
    { reading: 'toOther', label: 'W₂ to the target' },
  ],
  readings: [
    { reading: 'loss', label: 'sliced distance', digits: 5 },
    { reading: 'measuredAt', label: 'measured at step' },
    { reading: 'latestToOne', label: 'W₂ to where it began', digits: 6 },
    { reading: 'latestToOther', label: 'W₂ to the target', digits: 5 },
  ],
  mode: 'run',
  backends: ['simd', 'wasm', 'webgl'],
  draw: (frame, _settings, { width }) => {
    const height = Math.max(300, Math.round(76 + 0.42 * (width - 32)))
    // A unit is as long along both axes.
    const up = (47 * (height - 76)) / (width - 32)
    return plot({
      title: `The flow, step ${frame.step}`,
      description: 'The moving cloud, over the shapes in pale.',
      width,
      height,
      x: { domain: [-4, 90] },
      y: { domain: [13 - up, 13 + up] },
      axes: 'frame',
    })([
      scatter({ points: pointsIn(frame, 'one'), colour: '#56b4e9', opacity: 0.35, label: 'start' }),
      scatter({ points: pointsIn(frame, 'other'), colour: '#8c8c8c', opacity: 0.35, label: 'target' }),
      scatter({ points: pointsIn(frame, 'cloud'), colour: '#d55e00', label: 'cloud' }),
    ])
  },
}
