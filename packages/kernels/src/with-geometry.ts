import type { Backend, Geometry, Pairwise } from '@monge/backend'
import type { Tensor2D } from '@tensorflow/tfjs-core'

/** Runs reductions over two clouds and frees the geometry. */
export const withGeometry = <V, A>(
  backend: Backend<V>,
  pairwise: Pairwise,
  x: Tensor2D,
  y: Tensor2D,
  body: (geometry: Geometry<V>) => A,
): A => {
  const geometry = backend.geometry(pairwise, x, y)
  try {
    return body(geometry)
  } finally {
    geometry.dispose()
  }
}
