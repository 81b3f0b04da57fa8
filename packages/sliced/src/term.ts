import { constant, tensorFrom } from '@monge/backend'
import type { Place } from '@monge/backend'
import { envelopeTerm } from '@monge/losses'
import type { Measure } from '@monge/measures'
import { add, engine } from '@tensorflow/tfjs-core'
import type { Scalar } from '@tensorflow/tfjs-core'
import type { Clouds, Slopes } from './slicer.js'

/** A value with what gives its gradients, if they are asked for. */
export interface HostLoss {
  readonly value: number
  readonly slopes: () => Slopes
}

/** `W_p^p` or `W_p`: values and slopes of a mean of p-th powers, or of its root. */
export type Form = 'root' | 'power'

/** The value in the given form, and what its slopes are multiplied by; no slope where the root has none. */
export const inForm = (form: Form, p: number, power: number): { readonly value: number; readonly factor: number } => {
  if (form === 'power') return { value: power, factor: 1 }
  if (!(power > 0)) return { value: 0, factor: 0 }
  const value = power ** (1 / p)
  return { value, factor: value / (p * power) }
}

/** Slopes times a factor, with the potentials shifted so that `<a, f> = <b, g>`. */
export const finished = ({ a, b }: Pick<Clouds, 'a' | 'b'>, slopes: Slopes, factor: number): Slopes => {
  const dot = (u: Float64Array, v: Float64Array): number => u.reduce((sum, value, i) => sum + value * v[i], 0)
  const mass = a.reduce((sum, weight) => sum + weight, 0) + b.reduce((sum, weight) => sum + weight, 0)
  const shift = (dot(b, slopes.b) - dot(a, slopes.a)) / mass
  return {
    x: slopes.x.map((value) => factor * value),
    y: slopes.y.map((value) => factor * value),
    a: slopes.a.map((value) => factor * (value + shift)),
    b: slopes.b.map((value) => factor * (value - shift)),
  }
}

/** Whether tfjs is recording: then the gradient is computed along with the value, for little more. */
export const isTaping = (): boolean => engine().state.gradientDepth > 0

/** Puts a loss that was computed on the host on tfjs's tape: one term for each measure. */
export const onTape = (place: Place, mu: Measure, nu: Measure, { value, slopes }: HostLoss): Scalar => {
  const term = (measure: Measure, contribution: number, own: 'mu' | 'nu'): Scalar =>
    envelopeTerm({
      place,
      measure,
      value: () => constant(contribution),
      saved: [],
      gradient: () => {
        const { x, y, a, b } = slopes()
        return {
          weights: tensorFrom(own === 'mu' ? a : b, measure.weights.shape),
          points: tensorFrom(own === 'mu' ? x : y, measure.points.shape),
        }
      },
    })
  return add(term(mu, value, 'mu'), term(nu, 0, 'nu')) as Scalar
}

/** A computation that is made when it is first asked for, and once. */
export const once = <A>(make: () => A): (() => A) => {
  let made: { readonly value: A } | undefined
  return () => (made ??= { value: make() }).value
}
