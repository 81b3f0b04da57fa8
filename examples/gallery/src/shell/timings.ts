import { element } from './element.js'
import { duration } from './format.js'
import type { BackendName } from '../experiment.js'

export const backendLabels: Readonly<Record<BackendName, string>> = {
  simd: 'WebAssembly SIMD',
  webgl: 'WebGL, on the GPU',
  wasm: 'TensorFlow.js, WebAssembly',
}

export interface Timings {
  readonly element: HTMLElement
  /** A frame took so long on a backend and led so many steps on. */
  readonly add: (backend: BackendName, milliseconds: number, steps: number) => void
  /** Other settings are computed from now on: what was measured is of no use. */
  readonly clear: () => void
}

const most = 31

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0

/** The measured time of a step on each backend that was tried under the present settings. */
export const timings = (): Timings => {
  const measured = new Map<BackendName, number[]>()
  const list = element('ul', { class: 'timings', role: 'list', 'aria-label': 'Measured time of a step' })
  const draw = (): void => {
    const lines = [...measured].map(([name, times]) =>
      element('li', {}, element('span', {}, backendLabels[name]), element('b', {}, `${duration(median(times))} a step`)),
    )
    list.replaceChildren(...lines)
  }
  let drawn = 0
  return {
    element: list,
    add: (backend, milliseconds, steps) => {
      // The first frame is not a step.
      if (steps <= 0) return
      const times = measured.get(backend) ?? []
      times.push(milliseconds / steps)
      if (times.length > most) times.shift()
      measured.set(backend, times)
      if (performance.now() - drawn < 250 && times.length > 1) return
      drawn = performance.now()
      draw()
    },
    clear: () => {
      measured.clear()
      draw()
    },
  }
}
