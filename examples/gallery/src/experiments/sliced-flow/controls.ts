import { somePresets } from '../../clouds/presets.js'
import type { Control } from '../../experiment.js'

const presets = somePresets('square', 'heart', 'disc', 'ring', 'star', 'spiral', 'two-moons', 's-curve', 'gaussian', 'letter-a', 'letter-b', 'letter-m')

/** Which shapes, on both pages of the sliced distance. */
export const shapeControls: readonly Control[] = [
  {
    kind: 'choice',
    name: 'shapes',
    label: 'Shapes',
    options: [
      { value: 'story', label: 'A cross and a heart' },
      { value: 'own', label: 'The shapes below' },
    ],
    initial: 'story',
  },
  { kind: 'cloud', name: 'source', where: { name: 'shapes', is: 'own' }, label: 'First shape', initial: 'star', presets },
  { kind: 'cloud', name: 'target', where: { name: 'shapes', is: 'own' }, label: 'Second shape', initial: 'letter-b', presets },
  { kind: 'range', name: 'points', where: { name: 'shapes', is: 'own' }, label: 'Points of the shapes below', help: 'exact distances are told up to 1000', min: 50, max: 5000, step: 10, initial: 350, logarithmic: true },
]

export const rateControl: Control = {
  kind: 'range',
  name: 'rate',
  label: 'Size of the steps',
  help: 'for 345 points, as in the POT library',
  min: 10,
  max: 5000,
  step: 10,
  initial: 1000,
  logarithmic: true,
}

export const measureControl: Control = {
  kind: 'range',
  name: 'measureEvery',
  label: 'Measure every … steps',
  help: 'the exact distances, which take longer than a step',
  min: 1,
  max: 50,
  step: 1,
  initial: 10,
}

export const seedControl: Control = { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 }
