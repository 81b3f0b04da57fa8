import { drawn, source, target } from '@monge-examples/displacement-2d/clouds'
import type { Cloud as Rows } from '@monge-examples/displacement-2d/clouds'
import { pairingsOf } from '@monge-examples/displacement-2d/pairings'
import { gaussianDistance } from '@monge/exact'
import { cloudOf } from '../../clouds/cloud-of.js'
import { cloudOfRows, rowsOf } from '../../drawing.js'
import type { Run, Settings } from '../../experiment.js'
import type { Extra } from './extra.js'

const last = 30

// A distance takes about as long as the plan: for larger clouds a picture would wait for it.
const mostToMeasure = 1000

interface Ends {
  readonly x: Rows
  readonly y: Rows
  readonly shown: Pick<Extra, 'x' | 'y'>
  /** W2 between the laws, where they are known. */
  readonly laws?: number
}

const endsOf = ({ shapes, from, to, points, seed }: Settings): Ends => {
  const [count, own] = [Number(points), Number(seed)]
  if (shapes === 'gaussians')
    return {
      x: drawn(source, count, own, 0),
      y: drawn(target, count, own, 1),
      shown: { x: [-4, 10], y: [-4, 8.7] },
      laws: gaussianDistance(source, target),
    }
  return {
    x: rowsOf(cloudOf(String(from), count, own)),
    // Beside the first, or neither could be seen.
    y: rowsOf(cloudOf(String(to), count, own + 1)).map(([right, up]) => [right + 0.9, up] as const),
    shown: { x: [-0.05, 1.95], y: [-0.05, 1.05] },
  }
}

export const run: Run = async function* (settings, { signal }) {
  if (signal.aborted) return
  const { x, y, shown, laws } = endsOf(settings)
  const { exact, pairings } = pairingsOf(x, y)
  const [sorted, best] = pairings
  const measured = x.length <= mostToMeasure
  const plans = pairings.map(({ plan: { rows, columns, masses } }) => ({ rows, columns, masses }))
  for (let step = 0; step <= last; step++) {
    if (signal.aborted) return
    const t = step / last
    const extra: Extra = { t, plans, ...shown }
    const at = (pairing: typeof sorted) => ({ points: Float32Array.from(pairing.at(t).points.data), dimension: 2 })
    yield {
      step,
      clouds: { from: cloudOfRows(x), to: cloudOfRows(y), sorted: at(sorted), exact: at(best) },
      readings: {
        t,
        sortedCost: sorted.cost,
        exactCost: best.cost,
        whole: exact.distance,
        share: t * exact.distance,
        gap: exact.gap,
        ...(measured ? { sortedGone: sorted.gone(t), exactGone: best.gone(t) } : {}),
        ...(laws === undefined ? {} : { laws }),
      },
      extra,
    }
  }
}
