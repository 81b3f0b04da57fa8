import type { Backend } from '@monge/backend'
import { setBackend } from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, describe } from 'vitest'
import { selectedBackends } from './settings.ts'

/*
 * A backend is imported when its turn comes: WebGL is of no use to Node, and the file system of none to a browser.
 */
const starters: Readonly<Record<string, () => Promise<Backend>>> = {
  reference: async () => (await import('@monge/backend-reference')).referenceBackend(),
  cpu: async () => {
    await import('@tensorflow/tfjs-backend-cpu')
    return (await import('@monge/backend')).portableBackend('cpu')
  },
  wasm: async () => {
    await import('@tensorflow/tfjs-backend-wasm')
    return (await import('@monge/backend')).portableBackend('wasm')
  },
  simd: async () => (await import('@monge/backend-simd')).simdBackend(),
  simd64: async () => {
    await (await import('@monge/backend-reference')).referenceBackend()
    return (await import('@monge/backend-simd')).simdBackend({ precision: 'float64' })
  },
  webgl: async () => (await import('@monge/backend-webgl')).webglBackend(),
  'webgl-portable': async () => {
    await import('@tensorflow/tfjs-backend-webgl')
    return (await import('@monge/backend')).portableBackend('webgl')
  },
}

const start = (name: string): Promise<Backend> => {
  const starter = starters[name]
  if (starter === undefined)
    throw new Error(`MONGE_BACKENDS: no backend "${name}" (there are ${Object.keys(starters).join(', ')})`)
  return starter()
}

type Suite = (backend: () => Backend) => void

/**
 * Runs a suite once for each of the named backends, in Node and in Chromium alike: for an engine's own suites.
 * `backend()` gives the started backend, inside the tests; tfjs's current backend is the same.
 */
export const onBackends =
  (names: readonly string[]) =>
  (title: string, suite: Suite): void => {
    describe.each(names)(`${title} on %s`, (name) => {
      let started: Backend | undefined
      const backend = (): Backend => {
        if (started === undefined) throw new Error('the backend is started before the tests: ask for it inside of one')
        return started
      }
      beforeAll(async () => {
        started = await start(name)
      })
      beforeEach(async () => {
        await setBackend(backend().name)
      })
      suite(backend)
    })
  }

/**
 * Runs a suite once for every backend: reference, cpu, wasm and both precisions of simd in Node, webgl in Chromium, or
 * those that `MONGE_BACKENDS` names.
 */
export const eachBackend: (title: string, suite: Suite) => void = onBackends(selectedBackends)

/**
 * The same, and on WebGL the portable backend as well as the engine: for suites of what a backend itself computes.
 * Algorithms are the same on any, and the portable one has theirs on cpu and wasm, so that once on WebGL is enough.
 */
export const eachImplementation: (title: string, suite: Suite) => void = onBackends(
  selectedBackends.flatMap((name) => (name === 'webgl' ? ['webgl', 'webgl-portable'] : [name])),
)
