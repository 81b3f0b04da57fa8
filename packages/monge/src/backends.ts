import { portableBackend } from '@monge/backend'
import type { Backend, PortableOptions } from '@monge/backend'
import { referenceBackend } from '@monge/backend-reference'
import { simdBackend } from '@monge/backend-simd'
import type { SimdOptions } from '@monge/backend-simd'
import { webglBackend } from '@monge/backend-webgl'
import type { WebglOptions } from '@monge/backend-webgl'
import { isMongeError, requireOneOf } from '@monge/errors'
import { env } from '@tensorflow/tfjs-core'

/** The names under which tfjs's own backends run. */
export type TfjsBackend = 'cpu' | 'wasm' | 'webgl'

// Loaded on demand: a page that runs on WebGL has no use for the WebAssembly files.
const packages: Readonly<Record<TfjsBackend, () => Promise<unknown>>> = {
  cpu: () => import('@tensorflow/tfjs-backend-cpu'),
  wasm: () => import('@tensorflow/tfjs-backend-wasm'),
  webgl: () => import('@tensorflow/tfjs-backend-webgl'),
}

const tfjs = async (name: TfjsBackend, options: PortableOptions = {}): Promise<Backend> => {
  const load = packages[requireOneOf(['cpu', 'wasm', 'webgl'])('backends.tfjs', name)]
  await load()
  return alone(() => portableBackend(name, options))
}

const simd = async (options: SimdOptions = {}): Promise<Backend> => {
  // The float64 engine keeps its tensors where the reference backend's are.
  if (options.precision === 'float64') await referenceBackend()
  else if (options.tensors === 'wasm') await packages.wasm()
  return alone(() => simdBackend(options))
}

const webgl = (options: WebglOptions = {}): Promise<Backend> => alone(() => webglBackend(options))

let before: Promise<unknown> = Promise.resolve()

/** Starts one backend at a time: each has tfjs, of which there is one, to itself for a while. */
const alone = <A>(start: () => Promise<A>): Promise<A> => {
  const started = before.then(() => quietly(start))
  before = started.catch(() => undefined)
  return started
}

// On its first use in Node, tfjs's cpu backend advertises another package on the console, save in production mode.
const quietly = async <A>(body: () => Promise<A>): Promise<A> => {
  const production = env().getBool('PROD')
  env().set('PROD', true)
  try {
    return await body()
  } finally {
    env().set('PROD', production)
  }
}

/**
 * The backends that there are, to be started by name.
 *
 * @throws BackendUnavailable where one cannot run, such as WebGL in Node; InvalidOption
 */
export const backends: {
  /** Plain TypeScript in float64: exact to the last digits. */
  readonly reference: () => Promise<Backend>
  /** WebAssembly SIMD kernels in float32 or float64, on threads where there are any. */
  readonly simd: (options?: SimdOptions) => Promise<Backend>
  /** Fused shaders in float32, in a page or a worker: for a GPU. */
  readonly webgl: (options?: WebglOptions) => Promise<Backend>
  /** One of tfjs's own backends, in float32, with Monge's portable primitives on it. */
  readonly tfjs: (name: TfjsBackend, options?: PortableOptions) => Promise<Backend>
} = { reference: () => referenceBackend(), simd, webgl, tfjs }

/**
 * The best backend of the place: WebAssembly SIMD; where there is none, WebGL in a page, and the reference elsewhere.
 */
export const defaultBackend = async (): Promise<Backend> => {
  const starters = typeof document === 'undefined' ? [simd] : [simd, webgl]
  for (const start of starters) {
    try {
      return await start()
    } catch (error) {
      if (!isMongeError(error) || error.tag !== 'BackendUnavailable') throw error
    }
  }
  return referenceBackend()
}
