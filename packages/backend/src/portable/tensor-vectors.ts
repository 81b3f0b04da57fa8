import {
  abs,
  add,
  clone,
  exp,
  expm1,
  fill,
  greater,
  keep,
  log,
  mul,
  reshape,
  sum,
  tidy,
  where,
} from '@tensorflow/tfjs-core'
import type { Scalar, Tensor, TensorContainer } from '@tensorflow/tfjs-core'
import { mongeError } from '@monge/errors'
import type { Float } from '../backend.js'
import type { Place } from '../place.js'
import { constant, tensorFrom } from '../tensors.js'
import { emptyLogarithm } from '../vectors.js'
import type { Vectors } from '../vectors.js'
import { untaped } from '../untaped.js'

/** Vectors that are flat tensors at a place. No operation on them is ever recorded for differentiation. */
export const tensorVectors = (place: Place): Vectors<Tensor> => {
  const make = <T extends Tensor>(body: () => T): T => place.within(() => untaped(body))
  return {
    fromTensor: (tensor) => make(() => reshape(tensor, [tensor.size])),
    toTensor: <T extends Tensor>(vector: Tensor, shape: readonly number[]) =>
      make(() => reshape(vector, [...shape]) as T),
    fromArray: (values) => place.within(() => tensorFrom(values, [values.length])),
    toArray: (vector) => host(vector).slice(),
    linear: (terms, shift = 0) => make(() => linear(terms, shift)),
    multiply: (u, v) => make(() => mul(u, v)),
    exponential: (v) => make(() => exp(v)),
    exponentialMinusOne: (v) => make(() => expm1(v)),
    logarithm: (v) => make(() => where(greater(v, 0), log(v), fill(v.shape, emptyLogarithm))),
    absolute: (v) => make(() => abs(v)),
    dot: (u, v) => place.within(() => hostDot(host(u), host(v))),
    dotTensor: (u, v) => make(() => sum(mul(u, v)) as Scalar),
    scope: <A>(body: () => A) => place.within(() => tidy(body as () => TensorContainer) as A),
    keep: (vector) => keep(vector),
    release: (vector) => vector.dispose(),
  }
}

const linear = (terms: readonly (readonly [alpha: number, v: Tensor])[], shift: number): Tensor => {
  const [first, ...rest] = terms.map(([alpha, v]) => (alpha === 1 ? v : mul(v, constant(alpha))))
  if (first === undefined) throw mongeError('InvalidArgument', 'linear: terms', 'expected at least one term')
  const total = rest.reduce((partial, term) => add(partial, term), first)
  return shift !== 0 ? add(total, constant(shift)) : total === terms[0]?.[1] ? clone(total) : total
}

// tfjs types what a backend stores as Float32Array; a float64 backend of ours hands out its Float64Array.
const host = (vector: Tensor): Float => vector.dataSync<'float32'>() as Float

const hostDot = (u: Float, v: Float): number => {
  let total = 0
  for (let index = 0; index < u.length; index += 1) total += (u[index] ?? 0) * (v[index] ?? 0)
  return total
}
