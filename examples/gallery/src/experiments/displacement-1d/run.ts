import { kernelEstimate, momentsOf } from '@monge-examples/displacement-1d/kernel-estimate'
import { densityOf, gridOf, pathOf, within } from '@monge-examples/displacement-1d/path'
import type { Normal } from '@monge-examples/displacement-1d/path'
import type { Run } from '../../experiment.js'
import type { Extra } from './extra.js'

const last = 40

export const run: Run = async function* (settings, { signal }) {
  const law = (name: string): Normal => ({
    mean: Number(settings[`${name}Mean`]),
    deviation: Number(settings[`${name}Deviation`]),
  })
  const [from, to] = [law('from'), law('to')]
  const path = pathOf(from, to, Number(settings['points']), Number(settings['seed']))
  const grid = gridOf(from, to)
  const [start, end] = [densityOf(from, grid), densityOf(to, grid)]
  const places = within(from, grid)
  const images = places.map(path.map)
  for (let step = 0; step <= last; step++) {
    if (signal.aborted) return
    const t = step / last
    const particles = path.at(t)
    const { mean, deviation } = momentsOf(particles)
    const between = path.lawAt(t)
    const extra: Extra = {
      t,
      grid,
      start,
      end,
      law: densityOf(between, grid),
      estimate: kernelEstimate(particles, grid),
      places,
      images,
    }
    yield {
      step,
      clouds: { particles: { points: Float32Array.from(particles), dimension: 1 } },
      readings: {
        t,
        mean,
        lawMean: between.mean,
        variance: deviation ** 2,
        lawVariance: between.deviation ** 2,
        gone: path.gone(t),
        share: t * path.exact.distance,
        whole: path.exact.distance,
        error: path.exact.error,
      },
      extra,
    }
  }
}
