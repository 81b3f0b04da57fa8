import { flowPulls, flowRate, moved } from '@monge-examples/sliced-flow/pulls'
import type { Run } from '../../experiment.js'
import { descent } from './descent.js'
import { shapesOf } from './shapes.js'

export const run: Run = (settings, place) => {
  const { steps, measureEvery, directions, rate, seed } = settings
  const [start, target] = shapesOf(settings)
  const there = moved(target)
  const slicing = { backend: place.backend, seed: Number(seed), directions: Number(directions) }
  return descent(
    {
      start,
      steps: Number(steps),
      pulls: flowPulls(slicing, there),
      rate: flowRate(start, Number(rate)),
      shapes: [start, there],
      measureEvery: Number(measureEvery),
    },
    place,
  )
}
