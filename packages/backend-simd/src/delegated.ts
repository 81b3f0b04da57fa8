import type { Backend, Geometry, Place } from '@monge/backend'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { Machine } from './machine.js'

type Vector = Float64Array

/** What only tfjs can compute: by the portable backend, at the same place, with vectors handed over as tensors. */
export const delegatedGeometry = (
  machine: Machine,
  place: Place,
  portable: Backend<Tensor>,
  geometry: Geometry<Tensor>,
): Geometry<Vector> => {
  void machine
  const { vectors } = portable
  const call = (body: (tensor: (vector: Vector) => Tensor) => Tensor): Vector =>
    place.within(() =>
      vectors.scope(() => {
        const made: Tensor[] = []
        const result = body((vector) => {
          const tensor = vectors.fromArray(vector)
          made.push(tensor)
          return tensor
        })
        return Float64Array.from(vectors.toArray(result))
      }),
    )
  const way = (inner: Geometry<Tensor>, transpose: () => Geometry<Vector>): Geometry<Vector> => ({
    rows: inner.rows,
    columns: inner.columns,
    dimension: inner.dimension,
    transpose,
    softmin: (epsilon, q, shift) => call((tensor) => inner.softmin(epsilon, tensor(q), shift)),
    minimum: (g) => call((tensor) => inner.minimum(tensor(g))),
    planSum: (epsilon, p, q, v, k) => call((tensor) => inner.planSum(epsilon, tensor(p), tensor(q), tensor(v), k)),
    planCost: (epsilon, p, q) => call((tensor) => inner.planCost(epsilon, tensor(p), tensor(q))),
    planGradient: (epsilon, p, q, u, v, k) =>
      call((tensor) => inner.planGradient(epsilon, tensor(p), tensor(q), tensor(u), tensor(v), k)),
    sum: (v, k) => call((tensor) => inner.sum(tensor(v), k)),
    sumGradient: (u, v, k) => call((tensor) => inner.sumGradient(tensor(u), tensor(v), k)),
    entries: (start, count) => inner.entries(start, count),
    dispose: () => inner.dispose(),
  })
  const origin: Geometry<Vector> = way(geometry, () => transposed)
  const transposed: Geometry<Vector> = way(geometry.transpose(), () => origin)
  return origin
}
