import { add, findBackendFactory, setBackend, tidy } from '@tensorflow/tfjs-core'
import type { Tensor, Tensor2D } from '@tensorflow/tfjs-core'
import { mongeError, requireKnownKeys, requirePositive } from '@monge/errors'
import type { Backend } from '../backend.js'
import type { Geometry } from '../geometry.js'
import type { Pairwise } from '../pairwise.js'
import { currentBackend, tfjsPlace } from '../place.js'
import type { Place, Precision } from '../place.js'
import { currentPrecision, tensorFrom } from '../tensors.js'
import { registerGradients } from '../register-gradients.js'
import { dialectOf } from './dialect.js'
import { sidesOf } from './sides.js'
import { storedRows } from './stored-rows.js'
import { tensorGeometry } from './tensor-geometry.js'
import { tensorVectors } from './tensor-vectors.js'

/** Choices of the portable backend. */
export interface PortableOptions {
  /**
   * The most bytes that one tensor may take, 64 MiB by default; a handful of them is in use at a time. A matrix of
   * costs that fits is kept as long as its geometry, in both directions.
   */
  readonly memoryBudget?: number
}

/**
 * The portable backend: every primitive composed of tfjs's own operations, on any of tfjs's backends.
 *
 * @param name a registered tfjs backend: `cpu`, `wasm`, `webgl`, ...; the package that registers it must have been
 *   imported
 * @throws BackendUnavailable if no backend has that name, if it does not start, or if it computes in 16 bits;
 *   InvalidOption
 */
export const portableBackend = async (name: string, options: PortableOptions = {}): Promise<Backend<Tensor>> => {
  requireKnownKeys(['memoryBudget'])('portableBackend', options)
  const memoryBudget = requirePositive('portableBackend: memoryBudget', options.memoryBudget ?? 2 ** 26)
  const precision = await started(name)
  registerGradients()
  const place = tfjsPlace(name, precision)
  return {
    ...place,
    vectors: tensorVectors(place),
    geometry: (pairwise, x, y) => place.within(() => portableGeometry(place, memoryBudget, pairwise, x, y)),
  }
}

const packages: Readonly<Record<string, string>> = {
  cpu: '@tensorflow/tfjs-backend-cpu',
  wasm: '@tensorflow/tfjs-backend-wasm',
  webgl: '@tensorflow/tfjs-backend-webgl',
  webgpu: '@tensorflow/tfjs-backend-webgpu',
  tensorflow: '@tensorflow/tfjs-node',
}

const ofBrowsers: readonly string[] = ['webgl', 'webgpu']

/** Starts the backend, leaves tfjs on the one it was on, and says what numbers it computes with. */
const started = async (name: string): Promise<Precision> => {
  const where = `portableBackend: "${name}"`
  // Its type denies it, but an unknown name has an undefined factory.
  if (!(findBackendFactory(name) as unknown))
    throw mongeError(
      'BackendUnavailable',
      where,
      `tfjs has no backend of that name; import "${packages[name] ?? 'the package that registers it'}" first${
        ofBrowsers.includes(name) ? ', in a page or a worker: it registers nothing elsewhere' : ''
      }`,
    )
  const before = currentBackend()
  try {
    const success = await setBackend(name).catch((cause: unknown) => {
      throw mongeError('BackendUnavailable', where, 'it does not start', cause)
    })
    if (!success) throw mongeError('BackendUnavailable', where, 'it does not start here')
    const precision = currentPrecision()
    if (precision === 'float32' && !keepsFloat32())
      throw mongeError('BackendUnavailable', where, 'this device computes in 16-bit numbers; 32 are needed')
    return precision
  } finally {
    if (before !== undefined) await setBackend(before)
  }
}

// Asked for by example: tfjs's WebGL backend says 16 for devices that do render to 32-bit textures. Short tensors would
// tell nothing of them, since it computes with those on the CPU.
const keepsFloat32 = (): boolean => {
  const examples = Array.from({ length: 512 }, (_, index) => (index % 2 === 0 ? 2 ** -30 : 1 + 2 ** -20))
  const doubled = tidy(() => add(tensorFrom(examples, [512]), tensorFrom(examples, [512])))
  const found = doubled.dataSync()
  doubled.dispose()
  return examples.every((value, index) => found[index] === 2 * value)
}

const portableGeometry = (
  place: Place,
  memoryBudget: number,
  pairwise: Pairwise,
  x: Tensor2D,
  y: Tensor2D,
): Geometry<Tensor> => {
  const dialect = dialectOf(place.name)
  const sides = sidesOf(dialect, place.precision, pairwise, x, y)
  const [n, m] = [x.shape[0], y.shape[0]]
  const bytes = place.precision === 'float64' ? 8 : 4
  const store = n * m * bytes <= memoryBudget
  const most = (columns: number): number => memoryBudget / (bytes * columns * sides.width)
  const fromX = storedRows(sides.fromX, n, most(m), store)
  const fromY = sides.same ? fromX : storedRows(sides.fromY, m, most(n), store)
  const common = { place, dialect, dimension: x.shape[1] }
  const dispose = (): void => {
    fromX.dispose()
    if (fromY !== fromX) fromY.dispose()
    for (const held of sides.holds) held.dispose()
  }
  // A transpose shares all that its origin holds and lives as long; disposing of it is disposing of nothing.
  const origin: Geometry<Tensor> = tensorGeometry({
    ...common,
    here: fromX,
    rows: n,
    columns: m,
    transpose: () => transposed,
    dispose,
  })
  const transposed: Geometry<Tensor> = tensorGeometry({
    ...common,
    dimension: y.shape[1],
    here: fromY,
    rows: m,
    columns: n,
    transpose: () => origin,
    dispose: () => undefined,
  })
  return origin
}
