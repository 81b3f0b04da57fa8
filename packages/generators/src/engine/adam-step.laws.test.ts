import { key, normal } from '@monge/random'
import { expect, test } from 'vitest'
import { onBackends } from '../../../../tooling/testing/src/index.ts'
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
    const copies = [gradient, mean, square].map((values) => values.slice())
    const after = adamStep(machine, gradient, mean, square, factors)
    const means = mean.map((m, i) => f(f(m * f(0.9)) + f((gradient[i] as number) * f(0.1))))
    const squares = square.map((v, i) => f(f(v * f(0.999)) + f(f((gradient[i] as number) ** 2) * f(0.001))))
    const update = means.map((m, i) => f(m / f(f(f(Math.sqrt(squares[i] as number)) + f(1e-8)) / f(-0.0123))))
    expect(after.mean).toEqual(means)
    expect(after.meanSquare).toEqual(squares)
    expect(after.moved).toEqual(update)
    const moved = adamStep(machine, gradient, mean, square, factors, mean)
    expect(moved).toEqual({ ...after, moved: update.map((u, i) => f(u + (mean[i] as number))) })
    expect([gradient, mean, square]).toEqual(copies)
  })
})
