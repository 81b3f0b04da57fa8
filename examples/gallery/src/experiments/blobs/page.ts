import { panels } from '@monge-examples/blobs/picture'
import { formulas, forms, names } from '@monge-examples/blobs/words'
import type { Page } from '../../experiment.js'
import { inside } from '../../inside.js'

export const page: Page = {
  id: 'blobs',
  title: 'Two blobs, by forms of one loss',
  about: [
    'A network 2-64-64-2 turns normal noise into samples of two blobs. Each step of Adam compares fresh samples with fresh data by entropic transport, cost |x - y|², whose value can be told in several ways: ' +
      `${forms.map((form) => `${names[form]} ${formulas[form]}`).join('; ')}.`,
    'Primal and dual value are one number at the optimum and have one gradient: their clouds and curves agree. The transport cost is less by ε KL(P | abᵀ), and its own gradient is another one. These three are biased: they are least at a cloud that is narrower than the data. The debiased divergence is not. The curves are running means over 20 steps; the numbers say which part of the samples is at the left blob, where half of the data are.',
    'Try a larger ε, and look at how the biased forms shrink the blobs. What lies between the blobs is there because a network is continuous.',
  ],
  source: 'examples/blobs',
  controls: [
    {
      kind: 'choice',
      name: 'form',
      label: 'Form of the loss',
      options: [
        { value: 'all', label: 'all four, side by side' },
        ...forms.map((form) => ({ value: form, label: `${names[form]}: ${formulas[form]}` })),
      ],
      initial: 'all',
    },
    { kind: 'range', name: 'batch', label: 'Points in a step', help: 'of the model and of the data', min: 16, max: 512, step: 16, initial: 128 },
    { kind: 'range', name: 'epsilon', label: 'ε', min: 0.01, max: 2, step: 0.01, initial: 0.1, logarithmic: true },
    { kind: 'range', name: 'steps', label: 'Steps', min: 50, max: 2000, step: 50, initial: 1000 },
    { kind: 'range', name: 'stepsPerFrame', label: 'Steps per picture', min: 1, max: 20, step: 1, initial: 1 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 1, max: 100, step: 1, initial: 1 },
  ],
  curves: forms.map((form) => ({ reading: `${form}Mean`, label: names[form] })),
  readings: forms.map((form) => ({ reading: `${form}Share`, label: `left blob: ${names[form]}`, digits: 2 })),
  mode: 'run',
  backends: ['simd', 'webgl', 'wasm'],
  draw: ({ clouds }, _settings, size) => {
    const { width, height } = size
    const shown = forms.flatMap((form) => {
      const samples = clouds[form]
      const heldOut = clouds['heldOut']
      if (samples === undefined || heldOut === undefined) return []
      const table = ({ points }: typeof samples) => ({ data: points, shape: [points.length / 2, 2] as const })
      return [{ title: names[form], heldOut: table(heldOut), samples: table(samples) }]
    })
    const columns = shown.length === 1 ? 1 : 2
    const rows = Math.ceil(shown.length / columns)
    const side = Math.max(110, Math.min((width - 70 - 10 * (columns - 1)) / columns, (height - 110 - 30 * rows) / rows))
    const scene = panels(
      'Samples as they are learned',
      'Samples of the model trained by each form of the loss, over held-out data.',
      shown,
      { columns, side: Math.floor(side) },
    )
    return inside(size)(scene)
  },
}
