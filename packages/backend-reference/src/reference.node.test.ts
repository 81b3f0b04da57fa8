import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const program = `
import { referenceBackend } from '@monge/backend-reference'
import { exp, grad, matMul, relu, sum } from '@tensorflow/tfjs-core'

const backend = await referenceBackend()
const tensor = (values, shape) => backend.vectors.toTensor(Float64Array.from(values), shape)
const start = [0.1, 0.2, 0.3, -0.4, 0.5, 0.6]
const weights = tensor([1, -2, 0.5, 0.7], [2, 2])
const loss = (x) => backend.within(() => sum(exp(relu(matMul(x, weights)))))
const slopes = Array.from(grad(loss)(tensor(start, [3, 2])).dataSync())
const step = 1e-5
const differences = start.map((_, i) => {
  const at = (shift) => loss(tensor(start.map((value, k) => (k === i ? value + shift : value)), [3, 2])).dataSync()[0]
  return (at(step) - at(-step)) / (2 * step)
})
console.log(JSON.stringify({ slopes, differences, doubles: tensor([0.1], []).dataSync()[0] === 0.1 }))
`

// The test runner resolves modules in ways of its own; what users run is the built package in plain Node.
test('the built package differentiates a loss in plain Node, in float64', () => {
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    encoding: 'utf8',
  })
  const { slopes, differences, doubles } = JSON.parse(output) as {
    readonly slopes: readonly number[]
    readonly differences: readonly number[]
    readonly doubles: boolean
  }
  expect(doubles).toBe(true)
  expect(slopes.some((slope) => slope !== 0)).toBe(true)
  slopes.forEach((slope, i) => expect(Math.abs(slope - differences[i])).toBeLessThan(1e-8 * (1 + Math.abs(slope))))
})
