import { backends, defaultBackend, evaluate, samplesLoss } from 'monge'

/*
 * A stranger's page in plain JavaScript, for any bundler: a Sinkhorn divergence and its gradient.
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

const on = { reference: backends.reference, default: defaultBackend, webgl: backends.webgl }
const outcome = {}
for (const [name, start] of Object.entries(on)) {
  const loss = samplesLoss({ loss: 'sinkhorn', p: 2, blur: 0.5, tolerance: 1e-5 })(await start())
  const { value, gradX } = evaluate(loss)({ x, y })
  outcome[name] = { value, gradient: Array.from(gradX) }
}

document.querySelector('#outcome').textContent = JSON.stringify(outcome)
