import type { Draws } from '@monge/langevin'
import { categorical, curves, plot, scatter, smallMultiples } from '@monge/viz'
import type { Layer, Scene } from '@monge/viz'
import type { Told } from './chains.js'
import { names } from './irises.js'
import type { Laplace } from './laplace.js'

/** What a method makes of the coefficients. */
export interface Estimate {
  readonly name: string
  readonly coefficients: readonly {
    readonly mean: number
    readonly deviation: number
    readonly interval: readonly [number, number]
    /** How far draws can be trusted, where there are any. */
    readonly standardError?: number
    readonly bulkEss?: number
    readonly tailEss?: number
    readonly rHat?: number
  }[]
}

/** The colour of a method, or of a chain. */
export const colourOf = (index: number): string => categorical[index % categorical.length] ?? 'black'

/** What Laplace's approximation makes of them. */
export const laplaceEstimate = ({ mode, covariance }: Laplace): Estimate => ({
  name: 'Laplace',
  coefficients: mode.map((mean, axis) => {
    const deviation = Math.sqrt(covariance[axis]?.[axis] ?? 0)
    return { mean, deviation, interval: [mean - 1.6449 * deviation, mean + 1.6449 * deviation] as const }
  }),
})

/** The 90 % intervals of each method, a panel for each coefficient. */
export const intervals = (
  estimates: readonly Estimate[],
  panel: { readonly panelWidth: number; readonly panelHeight: number } = { panelWidth: 460, panelHeight: 64 },
): Scene =>
  smallMultiples({
    title: 'Intervals of the coefficients',
    description: 'For each coefficient and each method, a line over 90 % of the posterior with a dot at its mean.',
    columns: 1,
    ...panel,
    gap: 14,
    share: { x: true, y: true },
    x: { label: 'coefficient, per standard deviation of the measurement' },
    y: { ticks: 0, domain: [-estimates.length + 0.2, 0.8] },
  })(
    names.map((title, axis) => ({
      title,
      layers: estimates.map(({ name, coefficients }, index) => {
        const { mean = 0, interval = [0, 0] } = coefficients[axis] ?? {}
        const line = { colour: colourOf(index), dash: [], strokeWidth: 2.4 }
        return curves([
          { x: interval, y: [-index, -index], ...line, ...(axis === 0 ? { label: name } : {}) },
          { x: [mean, mean], y: [-index - 0.3, -index + 0.3], ...line },
        ])
      }),
    })),
  )

/** The coefficients that are drawn as a cloud: petal length. */
export const across = 3

/** Petal width. */
export const up = 4

/** The contours of the Laplace approximation that hold 50 % and 90 % of it. */
export const ellipses = ({ mode, covariance }: Laplace): Layer => {
  const [a = 1, b = 0, c = 1] = [covariance[across]?.[across], covariance[across]?.[up], covariance[up]?.[up]]
  const angles = Array.from({ length: 97 }, (_, k) => (2 * Math.PI * k) / 96)
  const low = Math.sqrt(c - (b * b) / a)
  return curves(
    [0.5, 0.9].map((share, index) => {
      const radius = Math.sqrt(-2 * Math.log(1 - share))
      return {
        x: angles.map((t) => (mode[across] ?? 0) + radius * Math.sqrt(a) * Math.cos(t)),
        y: angles.map((t) => (mode[up] ?? 0) + radius * ((b / Math.sqrt(a)) * Math.cos(t) + low * Math.sin(t))),
        colour: '#222222',
        dash: index === 0 ? [] : [4, 3],
        strokeWidth: 1.2,
      }
    }),
  )
}

const pointsOf = ({ values, draws, chains, dimension }: Draws, most: number): readonly (readonly [number, number])[] => {
  const rows = draws * chains
  const stride = Math.max(1, Math.floor(rows / most))
  return Array.from({ length: Math.floor(rows / stride) }, (_, k) => {
    const at = k * stride * dimension
    return [values[at + across] ?? 0, values[at + up] ?? 0] as const
  })
}

/** Draws of the coefficients of petals, for each sampler, with the contours of the Laplace approximation. */
export const marginals = (told: readonly Told[], around: Laplace): Scene =>
  smallMultiples({
    title: 'Petal length and petal width',
    description: 'Draws of two coefficients by each sampler, over two contours of the Laplace approximation.',
    columns: 2,
    panelWidth: 240,
    panelHeight: 240,
    gap: 22,
    x: { label: 'petal length' },
    y: { label: 'petal width' },
  })(
    told.map(({ name, draws }, index) => ({
      title: name,
      layers: [scatter({ points: pointsOf(draws, 1000), colour: colourOf(index + 1), opacity: 0.45 }), ellipses(around)],
    })),
  )

/** The first draws of each chain, as they come. */
export const chainFrames = (draws: Draws, around: Laplace): readonly { readonly label: string; readonly scene: Scene }[] => {
  const { values, chains, dimension } = draws
  const most = Math.min(draws.draws, 240)
  const path = (chain: number, count: number): readonly (readonly [number, number])[] =>
    Array.from({ length: count }, (_, k) => {
      const at = (k * chains + chain) * dimension
      return [values[at + across] ?? 0, values[at + up] ?? 0] as const
    })
  const whole = Array.from({ length: chains }, (_, chain) => path(chain, most)).flat()
  const range = (axis: 0 | 1): readonly [number, number] => {
    const all = whole.map((point) => point[axis])
    return [Math.min(...all) - 0.5, Math.max(...all) + 0.5]
  }
  return Array.from({ length: 40 }, (_, frame) => Math.max(2, Math.round(((frame + 1) * most) / 40))).map((count) => ({
    label: `draw ${count}`,
    scene: plot({
      title: `${chains} chains of MALA, draw ${count}`,
      description: 'Paths of the chains in the plane of two coefficients.',
      width: 460,
      height: 440,
      x: { label: 'petal length', domain: range(0) },
      y: { label: 'petal width', domain: range(1) },
    })([
      ...Array.from({ length: Math.min(chains, 7) }, (_, chain) => {
        const points = path(chain, count)
        const recent = points.slice(-12)
        return [
          scatter({ points, colour: colourOf(chain), opacity: 0.5 }),
          curves([{ x: recent.map(([x]) => x), y: recent.map(([, y]) => y), colour: colourOf(chain), dash: [], strokeWidth: 1 }]),
        ]
      }).flat(),
      ellipses(around),
    ]),
  }))
}
