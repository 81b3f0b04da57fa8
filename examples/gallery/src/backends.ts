import type { Backend } from '@monge/backend'
import type { BackendName } from './experiment.js'

/*
 * In the worker: backends, loaded and started when first chosen.
 */

const wasm = async (): Promise<Backend> => {
  const [{ setWasmPaths }, { env }, { portableBackend }, plain, simd] = await Promise.all([
    import('@tensorflow/tfjs-backend-wasm'),
    import('@tensorflow/tfjs-core'),
    import('@monge/backend'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url'),
    import('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url'),
  ])
  // Its threads are made of the text of a function, which does not survive being made smaller.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false)
  setWasmPaths({
    'tfjs-backend-wasm.wasm': plain.default,
    'tfjs-backend-wasm-simd.wasm': simd.default,
    // It asks for all three, and loads one.
    'tfjs-backend-wasm-threaded-simd.wasm': simd.default,
  })
  return portableBackend('wasm')
}

const starters: Readonly<Record<BackendName, () => Promise<Backend>>> = {
  simd: async () => (await import('@monge/backend-simd')).simdBackend(),
  webgl: async () => (await import('@monge/backend-webgl')).webglBackend(),
  wasm,
}

const started = new Map<BackendName, Promise<Backend>>()

/** The backend of that name; one that did not start is tried again when next asked for. */
export const backendOf = (name: BackendName): Promise<Backend> => {
  const before = started.get(name)
  if (before !== undefined) return before
  const starting = starters[name]()
  started.set(name, starting)
  starting.catch(() => started.delete(name))
  return starting
}

/** The next to ask for that backend gets a new one. */
export const forget = (name: BackendName): void => {
  started.delete(name)
}
