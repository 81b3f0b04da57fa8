import { planLines, scatter, smallMultiples } from '@monge/viz'
import { somePresets } from '../../clouds/presets.js'
import { panelWidth, pointsIn } from '../../drawing.js'
import type { Page } from '../../experiment.js'
import type { Extra } from './extra.js'

const presets = somePresets('ring', 'disc', 'square', 'heart', 'star', 'spiral', 'two-moons', 'gaussian', 'four-gaussians', 'letter-a', 'letter-b')

export const page: Page = {
  id: 'displacement-2d',
  title: 'Displacement interpolation in the plane',
  about: [
    'The points of one cloud move in straight lines to the points of another: once paired in the order of their first coordinates, once by the exact optimal map, which makes the mean of |x - y|² least. The sorted pairing knows nothing of the second coordinate, and some pairs would do better to exchange partners; along the optimal map no exchange helps.',
    'Along the exact map the cloud is at every time as far from the start as the time that has passed, W₂(start, t) = t W₂(start, end): it is a geodesic. Along the sorted pairing it is nearer to the start than the way that the points have gone.',
    'Try shapes of your own, and look which part of the one becomes which part of the other.',
  ],
  source: 'examples/displacement-2d',
  controls: [
    {
      kind: 'choice',
      name: 'shapes',
      label: 'Clouds',
      options: [
        { value: 'gaussians', label: 'Two Gaussians' },
        { value: 'own', label: 'The shapes below' },
      ],
      initial: 'gaussians',
    },
    { kind: 'range', name: 'points', label: 'Points of each', help: 'distances on the way are told up to 1000', min: 2, max: 2000, step: 1, initial: 200, logarithmic: true },
    { kind: 'range', name: 'seed', label: 'Seed', min: 0, max: 100, step: 1, initial: 0 },
    { kind: 'switch', name: 'lines', label: 'Lines of the plan', initial: true },
    { kind: 'cloud', name: 'from', where: { name: 'shapes', is: 'own' }, label: 'First shape', initial: 'ring', presets },
    { kind: 'cloud', name: 'to', where: { name: 'shapes', is: 'own' }, label: 'Second shape', initial: 'heart', presets },
  ],
  curves: [],
  readings: [
    { reading: 't', label: 't', digits: 3 },
    { reading: 'sortedCost', label: 'cost of the sorted pairing', digits: 6 },
    { reading: 'exactCost', label: 'cost of the exact map', digits: 6 },
    { reading: 'whole', label: 'W₂, the root of it', digits: 6 },
    { reading: 'laws', label: 'W₂ between the Gaussians', digits: 6 },
    { reading: 'share', label: 't W₂', digits: 5 },
    { reading: 'exactGone', label: 'W₂ from the start: exact map', digits: 5 },
    { reading: 'sortedGone', label: 'W₂ from the start: sorted', digits: 5 },
    { reading: 'gap', label: 'duality gap of the plan', digits: 2 },
  ],
  mode: 'slider',
  backends: ['simd'],
  draw: (frame, { lines }, { width, height }) => {
    const { t, plans, x, y } = frame.extra as Extra
    const columns = width < 560 ? 1 : 2
    const [from, to] = [pointsIn(frame, 'from'), pointsIn(frame, 'to')]
    const shape = (y[1] - y[0]) / (x[1] - x[0])
    // A unit is as long along both axes.
    const across = Math.min(panelWidth(width, columns), Math.floor((columns === 1 ? 420 : height - 70) / shape))
    return smallMultiples({
      title: `From one cloud to the other, t = ${t.toFixed(2)}`,
      description: 'The points on their straight ways, by the sorted pairing and by the exact map.',
      panelWidth: across,
      panelHeight: Math.round(shape * across),
      columns,
      equal: true,
      axes: 'frame',
      x: { domain: x },
      y: { domain: y },
    })(
      [
        { title: 'sorted pairing', cloud: 'sorted', cost: frame.readings['sortedCost'] },
        { title: 'exact map', cloud: 'exact', cost: frame.readings['exactCost'] },
      ].map(({ title, cloud, cost = NaN }, index) => ({
        title,
        note: `cost ${cost.toPrecision(4)}`,
        layers: [
          ...(lines === true ? [planLines({ from, to, plan: plans[index], colour: '#d9d9d9' })] : []),
          scatter({ points: from, colour: '#b0b0b0', opacity: 0.5 }),
          scatter({ points: to, colour: '#56b4e9', opacity: 0.5 }),
          scatter({ points: pointsIn(frame, cloud), colour: '#d55e00' }),
        ],
      })),
    )
  },
}
