import { tensorFrom } from '@monge/backend'
import { key, normal } from '@monge/random'
import { dispose } from '@tensorflow/tfjs-core'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { onBackends, withoutLeaks } from '../../../../tooling/testing/src/index.ts'
import { adamStep } from './adam-step.js'
import { machineHere } from './machine.js'

const factors = { keep: 0.9, take: 0.1, keepSquare: 0.999, takeSquare: 0.001, length: -0.0123, floor: 1e-8 }
const f = Math.fround

onBackends(['simd'])('Adam by WebAssembly', (backend) => {
  test.each([1, 3, 4, 17, 8192, 8195, 20_001])('is what the formula gives in float32, bit for bit: of %d numbers', (size) => {
    const machine = backend().within(machineHere)
    if (machine === undefined) throw new Error('no WebAssembly here')
    const draw = (seed: number): Float32Array => Float32Array.from(normal(size)(key(seed)))
    const [gradient, mean, square] = [draw(1), draw(2), draw(3).map((value) => value * value)]
    backend().within(() => {
      withoutLeaks(() => {
        const tensors = [gradient, mean, square].map((values) => tensorFrom<Tensor1D>(values, [size]))
        const [g, m, v] = tensors as [Tensor1D, Tensor1D, Tensor1D]
        const after = adamStep(machine, g, m, v, factors)
        const moved = adamStep(machine, g, m, v, factors, m)
        if (after === undefined || moved === undefined) throw new Error('no memory here')
        const means = mean.map((value, i) => f(f(value * f(0.9)) + f((gradient[i] as number) * f(0.1))))
        const squares = square.map((value, i) => f(f(value * f(0.999)) + f(f((gradient[i] as number) ** 2) * f(0.001))))
        const update = means.map((value, i) => f(value / f(f(f(Math.sqrt(squares[i] as number)) + f(1e-8)) / f(-0.0123))))
        expect(after.mean.dataSync()).toEqual(means)
        expect(after.meanSquare.dataSync()).toEqual(squares)
        expect(after.moved.dataSync()).toEqual(update)
        expect(moved.mean.dataSync()).toEqual(means)
        expect(moved.meanSquare.dataSync()).toEqual(squares)
        expect(moved.moved.dataSync()).toEqual(update.map((value, i) => f(value + (mean[i] as number))))
        expect(tensors.map((tensor) => tensor.dataSync())).toEqual([gradient, mean, square])
        dispose([...tensors, ...Object.values(after), ...Object.values(moved)])
      })
    })
  })
})
