import type { Backend } from '@monge/backend'
import { valueAndGradientIn } from '@monge/losses'
import type { Loss } from '@monge/losses'
import { disposeMeasure, fromArrays, measureOrThrow, toArrays } from '@monge/measures'
import type { Cloud } from './forms.js'

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

/** What one step of descent finds: the loss of the cloud, and where the cloud goes. */
export interface Step {
  readonly loss: number
  readonly next: Cloud
}

/** A step of plain gradient descent of a cloud's points, `x <- x - rate ∂L/∂x`, for L the pulls' losses in their shares. */
export const descendOnce =
  (backend: Backend) =>
  (from: Cloud, pulls: readonly Pull[], rate: number): Step => {
    const mu = measureOrThrow(fromArrays(from, undefined, backend))
    let loss = 0
    const slopes = from.map(() => [0, 0] as [number, number])
    for (const pull of pulls) {
      const nu = measureOrThrow(fromArrays(pull.towards, undefined, backend))
      const result = valueAndGradientIn('mu')(pull.loss)(mu, nu)
      loss += pull.share * (result.value.dataSync()[0] ?? Number.NaN)
      toArrays({ weights: mu.weights, points: result.gradient.points }).points.forEach(([u = 0, v = 0], i) => {
        const slope = slopes[i]
        if (slope === undefined) return
        slope[0] += pull.share * u
        slope[1] += pull.share * v
      })
      result.value.dispose()
      disposeMeasure(result.gradient)
      disposeMeasure(nu)
    }
    disposeMeasure(mu)
    return { loss, next: from.map(([x, y], i) => [x - rate * (slopes[i]?.[0] ?? 0), y - rate * (slopes[i]?.[1] ?? 0)]) }
  }

/** Some steps of it, with losses that may change from step to step, as directions are drawn anew. */
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
    const { loss, next } = descendOnce(backend)(clouds[step] ?? start, pulls(step), rate(step))
    losses.push(loss)
    clouds.push(next)
  }
  return { clouds, losses }
}
