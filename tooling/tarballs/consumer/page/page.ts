import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { backends, evaluate, samplesLoss } from 'monge'

/*
 * A stranger's page: a value and a gradient on wasm and on WebGL, beside those of the float64 reference.
 */

const x = [
  [0, 0],
  [1, 0.25],
  [0.5, 1],
]
const y = [
  [1, 1],
  [2, 0.5],
  [1.5, 0],
  [0.25, 0.75],
]
const options = { loss: 'sinkhorn', p: 2, blur: 0.5, tolerance: 1e-5 } as const

// The binaries lie beside the page.
setWasmPaths('./')

const on = {
  reference: () => backends.reference(),
  wasm: () => backends.tfjs('wasm'),
  webgl: () => backends.tfjs('webgl'),
}

const outcome: Record<string, { value: number; gradient: number[] }> = {}
for (const [name, start] of Object.entries(on)) {
  const { value, gradX } = evaluate(samplesLoss(options)(await start()))({ x, y })
  outcome[name] = { value, gradient: Array.from(gradX) }
}

const element = document.querySelector('#outcome')
if (element !== null) element.textContent = JSON.stringify(outcome)
