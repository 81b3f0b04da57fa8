import { simdBackend } from '@monge/backend-simd'
import { run } from '@monge/generators'
import { disposeMeasure } from '@monge/measures'
import { expect, test } from 'vitest'
import { lessonOf } from './lesson.js'
import { ways } from './losses.js'
import { mean } from './mean.js'

/*
 * The costs of the same fits in PyTorch (torch.optim.Adam, float64, gradients by autograd) of 200 points, on the data sets,
 * parameters and noise that the seed gives here: those of every so many steps, and the mean over the last hundred. Rounding has been seen to come to 2e-5 by likelihood, 7e-7 by energy.
 */
const inPyTorch = [
  {
    loss: 'likelihood',
    within: 5e-4,
    seed: 1,
    every: 50,
    costs: [11.020356, 2.572509, 2.47101, 2.496416, 2.598798, 2.526412, 2.445551, 2.465905, 2.528684, 2.544629, 2.477759],
    last: 2.486199,
  },
  {
    loss: 'likelihood',
    within: 5e-4,
    seed: 5,
    every: 50,
    costs: [10.469601, 2.792693, 2.435845, 2.284447, 2.312074, 2.291449, 2.289367, 2.300526, 2.267504, 2.283484, 2.243211],
    last: 2.300518,
  },
  {
    loss: 'energy',
    within: 1e-5,
    seed: 1,
    every: 100,
    costs: [0.933305, 0.102865, 0.012377, 0.011943, 0.010127, 0.027211, 0.032428, 0.008199, 0.016823, 0.012523, 0.008903],
    last: 0.013431,
  },
] as const

test.each(inPyTorch)('by $loss, seed $seed, the fit takes the very steps of PyTorch', async ({ loss, within, seed, every, costs, last }) => {
  const way = ways.find(({ name }) => name === loss)
  if (way === undefined) throw new Error(`no ${loss}`)
  const plain = await simdBackend({ threads: 1 })
  const { recipe, steps } = way
  const lesson = lessonOf({ way, recipe, steps, seed, points: 200, backends: { plain, log: plain } })
  const values = Array.from(run(lesson.fitting, lesson.start(0), { steps }), ({ value }) => value)
  disposeMeasure(lesson.data)
  expect(values).toHaveLength(steps + 1)
  costs.forEach((cost, k) => expect(Math.abs((values[k * every] ?? NaN) - cost), `step ${k * every}`).toBeLessThan(within))
  expect(Math.abs(mean(values.slice(-100)) - last)).toBeLessThan(within)
}, 300_000)
