import { barycenterPulls, noiseOf, rateOf } from '@monge-examples/sliced-flow/pulls'
import type { Run } from '../../experiment.js'
import { descent } from '../sliced-flow/descent.js'
import { shapesOf } from '../sliced-flow/shapes.js'

export const run: Run = (settings, place) => {
  const { steps, measureEvery, directions, rate, seed, count, share } = settings
  const [one, other] = shapesOf(settings)
  const start = noiseOf(Number(count), Number(seed))
  const slicing = { backend: place.backend, seed: Number(seed), directions: Number(directions) }
  const size = rateOf(start, Number(rate))
  return descent(
    {
      start,
      steps: Number(steps),
      pulls: barycenterPulls(slicing, [other, one], Number(share)),
      rate: () => size,
      shapes: [one, other],
      measureEvery: Number(measureEvery),
    },
    place,
  )
}
