import { valueAndGradientIn } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import type { Backend } from '@monge/backend'
import type { Cloud } from './shapes.js'

/** A cloud on its way, and the losses at each step. */
export interface Descent {
  readonly clouds: readonly Cloud[]
  readonly losses: readonly number[]
}

/** One loss to go down, with its share. */
export interface Pull {
  readonly loss: Loss
  readonly towards: Cloud
  readonly share: number
}

/**
 * Plain gradient descent of a cloud's points, `x <- x - rate_i ∂L/∂x`, with losses that may change from step to step,
 * as directions are drawn anew.
 */
export const descend = (
  backend: Backend,
  start: Cloud,
  steps: number,
  pulls: (step: number) => readonly Pull[],
  rate: (step: number) => number,
): Descent => {
  const clouds: Cloud[] = [start]
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    const from = clouds[step] ?? start
    const mu = measureOrThrow(fromArrays(from, undefined, backend))
    let value = 0
    const slopes = from.map(() => [0, 0] as [number, number])
    for (const { loss, towards, share } of pulls(step)) {
      const nu = measureOrThrow(fromArrays(towards, undefined, backend))
      const result = valueAndGradientIn('mu')(loss)(mu, nu)
      value += share * (result.value.dataSync()[0] ?? Number.NaN)
      toArrays({ weights: mu.weights, points: result.gradient.points }).points.forEach(([u = 0, v = 0], i) => {
        const slope = slopes[i]
        if (slope === undefined) return
        slope[0] += share * u
        slope[1] += share * v
      })
      result.value.dispose()
      disposeMeasure(result.gradient)
      disposeMeasure(nu)
    }
    disposeMeasure(mu)
    losses.push(value)
    clouds.push(from.map(([x, y], i) => [x - rate(step) * (slopes[i]?.[0] ?? 0), y - rate(step) * (slopes[i]?.[1] ?? 0)]))
  }
  return { clouds, losses }
}
