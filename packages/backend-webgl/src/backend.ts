import { portableBackend } from '@monge/backend'
import type { Backend, Place } from '@monge/backend'
import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import { engine, env, findBackend, findBackendFactory, registerBackend, removeBackend } from '@tensorflow/tfjs-core'
import type { Tensor } from '@tensorflow/tfjs-core'
import type { MathBackendWebGL } from '@tensorflow/tfjs-backend-webgl'
import { deviceOf, isLost } from './device.js'
import { webglGeometry } from './geometry.js'
import { shaderVectors } from './vectors.js'

/** Choices of the WebGL backend. */
export interface WebglOptions {
  /**
   * The most pairs of points that one draw call goes through, 2^28 by default. Larger problems take several. A device so
   * slow that the browser takes the context away (a draw of seconds) needs fewer.
   */
  readonly pairsPerDraw?: number
  /**
   * The most bytes of one tensor where tfjs's operations must do, 64 MiB by default: for a user's functions, and above
   * 16 dimensions.
   */
  readonly memoryBudget?: number
}

/**
 * The backend on a GPU: fused fragment shaders on tfjs's WebGL backend, in a page or a worker. Vectors stay on the GPU.
 *
 * When the browser takes the context away, all on the GPU is lost: every call then throws BackendFailure, and a new call
 * of `webglBackend` starts afresh.
 *
 * @throws BackendUnavailable where there is no WebGL 2, or it computes in 16 bits; InvalidOption
 */
export const webglBackend = async (options: WebglOptions = {}): Promise<Backend<Tensor>> => {
  requireKnownKeys(['pairsPerDraw', 'memoryBudget'])('webglBackend', options)
  const { pairsPerDraw, ...budget } = options
  const pairs = requirePositive('webglBackend: pairsPerDraw', pairsPerDraw ?? 2 ** 28)
  await import('@tensorflow/tfjs-backend-webgl')
  // tfjs registers it in pages and workers alone.
  if (!(findBackendFactory('webgl') as unknown))
    throw mongeError('BackendUnavailable', 'webglBackend', 'there is no WebGL here: it runs in a page or a worker')
  replaceLost()
  const portable = await portableBackend('webgl', budget)
  if (env().getNumber('WEBGL_VERSION') < 2)
    throw mongeError('BackendUnavailable', 'webglBackend', 'there is WebGL 1 alone, whose loops are of constant length')
  const device = deviceOf(findBackend('webgl') as MathBackendWebGL, pairs)
  const place: Place = {
    name: portable.name,
    precision: portable.precision,
    within: (body) => {
      device.requireAlive()
      return portable.within(body)
    },
  }
  return {
    ...place,
    vectors: shaderVectors(device, place, portable.vectors),
    geometry: webglGeometry(device, place, portable),
  }
}

/** A tfjs backend whose context is gone does not come back: another takes its place under the same name. */
const replaceLost = (): void => {
  const started = engine().registry['webgl'] as MathBackendWebGL | undefined
  if (started === undefined || !isLost(started)) return
  const factory = findBackendFactory('webgl')
  removeBackend('webgl')
  registerBackend('webgl', factory, 2)
}
