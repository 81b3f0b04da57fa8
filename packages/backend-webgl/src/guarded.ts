import type { Geometry, Place } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'

/** The geometry, which finds out that its place is gone before it touches it. */
export const guarded = (place: Place, geometry: Geometry<Tensor>): Geometry<Tensor> => {
  const origin: Geometry<Tensor> = oneWay(place, geometry, () => transposed)
  const transposed: Geometry<Tensor> = oneWay(place, geometry.transpose(), () => origin)
  return origin
}

const oneWay = (place: Place, inner: Geometry<Tensor>, transpose: () => Geometry<Tensor>): Geometry<Tensor> => ({
  rows: inner.rows,
  columns: inner.columns,
  dimension: inner.dimension,
  transpose,
  softmin: (...rest) => place.within(() => inner.softmin(...rest)),
  minimum: (...rest) => place.within(() => inner.minimum(...rest)),
  planSum: (...rest) => place.within(() => inner.planSum(...rest)),
  planCost: (...rest) => place.within(() => inner.planCost(...rest)),
  planGradient: (...rest) => place.within(() => inner.planGradient(...rest)),
  sum: (...rest) => place.within(() => inner.sum(...rest)),
  sumGradient: (...rest) => place.within(() => inner.sumGradient(...rest)),
  entries: (...rest) => place.within(() => inner.entries(...rest)),
  dispose: () => inner.dispose(),
})
