import { machineOf } from './dist/machine.js'
import * as tf from '@tensorflow/tfjs-core'
import { simdBackend } from './dist/index.js'
const precision = process.argv[2] ?? 'float32'
const b = await simdBackend({ precision, ...(process.argv[3] ? { threads: Number(process.argv[3]) } : {}) })
const time = (body, n) => { const until = performance.now() + 150; while (performance.now() < until) body(); const t = []; for (let r = 0; r < 15; r++) { const s = Math.round(performance.now()*1e3); body(); body(); t.push((Math.round(performance.now()*1e3) - s) / n * 5e2) } t.sort((a, c) => a - c); return t[0].toFixed(3) }
const sq = { tag: 'radial', profile: { tag: 'power', scale: 0.5, shift: 0, exponent: 1 } }
const euclid = { tag: 'radial', profile: { tag: 'power', scale: 1, shift: 0, exponent: 0.5 } }
const gauss = { tag: 'radial', profile: { tag: 'exponential', scale: 1, rate: 2, shift: 0, exponent: 1 } }
for (const [n, d] of [[100, 2], [1000, 2], [5000, 2], [1000, 3], [1000, 64]]) b.within(() => {
  const x = tf.randomUniform([n, d]), y = tf.randomUniform([n, d])
  const q = new Float64Array(n).fill(-Math.log(n)), ones = new Float64Array(n).fill(1 / n)
  const g = b.geometry(sq, x, y), e = b.geometry(euclid, x, y), k = b.geometry(gauss, x, y)
  let eps = 0.05
  const nn = n * n
  const p = b.vectors.linear([[1, q], [1 / eps, g.softmin(eps, q)]]).slice()
  const row = { n, d }
  row.softmin = time(() => g.softmin((eps *= 1.0001), q), nn)
  row.softminE = time(() => e.softmin((eps *= 1.0001), q), nn)
  row.both = time(() => g.softmins((eps *= 1.0001), p, q), nn)
  row.wideMin = time(() => g.minimum(q), nn)
  row.planSum = time(() => g.planSum(0.05, p, q, ones, 1), nn)
  row.planSumWide = time(() => g.planSum(0.005, p, q, ones, 1), nn)
  row.planGrad = time(() => g.planGradient(0.05, p, q, ones, ones, 1), nn)
  row.gaussSum = time(() => k.sum(ones, 1), nn)
  row.sqSum = time(() => g.sum(ones, 1), nn)
  const E = 0.051
  for (let r = 0; r < 6; r++) g.softmin(E, q)
  row.kernelRows = time(() => g.softmin(E, q), nn)
  row.kernelCols = time(() => g.transpose().softmin(E, p), nn)
  row.kernelBoth = time(() => g.softmins(E, p, q), nn)
  console.log(JSON.stringify(row))
  g.dispose(); e.dispose(); k.dispose()
})
