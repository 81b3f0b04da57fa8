import { sheet, size } from '@monge-tooling/handwriting'
import type { Pictures } from '@monge-tooling/handwriting'
import type { Frame, Page } from '../../experiment.js'
import { inside } from '../../inside.js'

const picturesOf = ({ clouds }: Frame, name: string): Pictures => {
  const { points } = clouds[name] ?? { points: new Float32Array() }
  return Array.from({ length: points.length / size }, (_, index) => points.subarray(index * size, (index + 1) * size))
}

export const page: Page = {
  id: 'digits',
  title: 'A network learns to write a digit',
  about: [
    'Normal noise in 64 dimensions goes through a network 64-128-256-784 and comes out as pictures of 28 by 28 pixels. Each step of Adam compares a few of them with as many handwritten ones of MNIST by the Sinkhorn divergence between the two clouds in 784 dimensions (p = 2). No second network judges the first.',
    'The same noise is drawn as the network learns, beside pictures that it never sees. The divergence to 200 of those is told now and then, and what it is for 200 pictures of the training set.',
    'Try a smaller blur: more detail is compared, from fewer neighbours. The pictures stay soft, for a divergence between 32 pictures and 32 others forgives what is finer than its blur.',
  ],
  source: 'examples/digits',
  controls: [
    {
      kind: 'choice',
      name: 'digit',
      label: 'Digit',
      options: Array.from({ length: 10 }, (_, figure) => ({ value: String(figure), label: String(figure) })),
      initial: '3',
    },
    { kind: 'range', name: 'batch', label: 'Pictures in a step', min: 8, max: 128, step: 8, initial: 32 },
    { kind: 'range', name: 'blur', label: 'Blur', help: 'in units of ink', min: 0.5, max: 10, step: 0.1, initial: 3, logarithmic: true },
    { kind: 'range', name: 'steps', label: 'Steps', min: 50, max: 2000, step: 50, initial: 800 },
    { kind: 'range', name: 'stepsPerFrame', label: 'Steps per picture', min: 1, max: 20, step: 1, initial: 1 },
    { kind: 'range', name: 'judgeEvery', label: 'Judge every … steps', min: 10, max: 500, step: 10, initial: 50 },
    { kind: 'range', name: 'seed', label: 'Seed', min: 1, max: 100, step: 1, initial: 1 },
  ],
  curves: [
    { reading: 'loss', label: 'loss', logarithmic: true },
    { reading: 'judged', label: 'divergence to held-out ones', logarithmic: true },
  ],
  readings: [
    { reading: 'mean', label: 'loss, mean over 20 steps', digits: 3 },
    { reading: 'judged', label: 'divergence to 200 held-out pictures', digits: 3 },
    { reading: 'real', label: 'the same of 200 pictures to learn from', digits: 3 },
  ],
  mode: 'run',
  backends: ['simd', 'wasm', 'webgl'],
  draw: (frame, _settings, canvas) => {
    // As many as can be made out.
    const [columns, rows] = canvas.width < 600 ? [8, 3] : [12, 4]
    const some = (name: string): Pictures => picturesOf(frame, name).slice(0, columns * rows)
    const scene = sheet(
      'Made, and handwritten',
      'The same noise through the network as it learns, and pictures of MNIST that it has not seen.',
      [
        { title: 'made by the network', pictures: some('made') },
        { title: 'handwritten, held out', pictures: some('heldOut') },
      ],
      { columns, across: 1, scale: Math.floor((canvas.width - 32) / columns) },
    )
    return inside(canvas)(scene)
  },
}
