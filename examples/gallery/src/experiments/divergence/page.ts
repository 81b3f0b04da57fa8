import { categorical, scatter, smallMultiples } from '@monge/viz'
import { somePresets } from '../../clouds/presets.js'
import { framed, planar } from '../../framing.js'
import { format } from '../../shell/format.js'
import { columns, variantsOf } from './variants.js'
import type { Page } from '../../experiment.js'

const [blue = 'blue', orange = 'orange'] = categorical

const presets = somePresets('disc', 'ring', 'heart', 'star', 'two-moons', 'four-gaussians', 's-curve', 'letter-a', 'letter-m')

const gap = 10

export const page: Page = {
  id: 'divergence',
  title: 'What blur, reach and debiasing do',
  about: [
    'Six flows at once, all from the same cloud to the same target. Above, downhill on the plain cost of entropic transport; below, on the debiased divergence.',
    'Entropic transport does not tell points apart that are closer than the blur. The plain cost is therefore least not at the target but at a shrunk copy of it: with a large blur the upper flows collapse. Debiasing, S(α, β) = OT(α, β) − ½ OT(α, α) − ½ OT(β, β), takes that off: the lower flows arrive.',
    'With a reach, mass farther away than that is destroyed at one end and created at the other rather than moved: points that have no partner near them stay. Compare by reach, and choose a target in several pieces.',
  ],
  source: 'examples/gradient-flows',
  controls: [
    {
      kind: 'choice',
      name: 'compare',
      label: 'Along the rows',
      options: [
        { value: 'blur', label: 'three blurs' },
        { value: 'reach', label: 'three reaches' },
      ],
      initial: 'blur',
    },
    {
      kind: 'range',
      name: 'blur',
      label: 'Blur',
      where: { name: 'compare', is: 'reach' },
      min: 0.01,
      max: 0.5,
      step: 0.01,
      initial: 0.05,
      logarithmic: true,
    },
    {
      kind: 'choice',
      name: 'p',
      label: 'Cost of transport',
      options: [
        { value: '2', label: 'half the squared distance (p = 2)' },
        { value: '1', label: 'the distance (p = 1)' },
      ],
      initial: '2',
    },
    { kind: 'range', name: 'step', label: 'Length of a step', min: 0.01, max: 0.5, step: 0.01, initial: 0.1 },
    { kind: 'range', name: 'steps', label: 'Steps', min: 20, max: 500, step: 20, initial: 140 },
    { kind: 'range', name: 'points', label: 'Points in each cloud', min: 50, max: 1000, step: 50, initial: 200, logarithmic: true },
    { kind: 'cloud', name: 'from', label: 'Start', initial: 'disc', presets },
    { kind: 'cloud', name: 'to', label: 'Target', initial: 'four-gaussians', presets },
    { kind: 'range', name: 'seed', label: 'Seed', min: 1, max: 100, step: 1, initial: 1 },
  ],
  curves: [],
  readings: [{ reading: 'time', label: 'Time' }],
  mode: 'run',
  backends: ['simd', 'webgl', 'wasm'],
  draw: ({ clouds, readings }, settings, { width, height }) => {
    const square = framed([0, 1])
    const variants = variantsOf(settings)
    const target = planar(clouds['target']?.points ?? new Float32Array(2))
    const across = Math.floor((width - 32 - (columns - 1) * gap) / columns)
    // On a desk both rows are seen at once with what is beneath them; on a phone all width is needed.
    const side = Math.max(60, width < 600 ? across : Math.min(across, Math.floor((height - 160) / 2)))
    const panels = variants.map(({ title }, index) => ({
      title,
      ...(side < 150 ? {} : { note: format(readings[`loss${index}`] ?? NaN) }),
      layers: [
        square(scatter({ points: target, colour: blue, opacity: 0.45, label: 'target' })),
        square(
          scatter({ points: planar(clouds[`flow${index}`]?.points ?? new Float32Array(2)), colour: orange, label: 'flow' }),
        ),
      ],
    }))
    return smallMultiples({
      title: `After t = ${(readings['time'] ?? 0).toFixed(2)}`,
      description: 'Six panels: the plain cost of transport above, the debiased divergence below.',
      columns,
      panelWidth: side,
      panelHeight: side,
      gap,
      equal: true,
      axes: 'frame',
      rowTitles: [...new Set(variants.map(({ row }) => row))],
    })(panels)
  },
}
