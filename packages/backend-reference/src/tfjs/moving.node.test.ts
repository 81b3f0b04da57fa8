import '@tensorflow/tfjs-backend-cpu'
import '@tensorflow/tfjs-backend-wasm'
import { add, backend, setBackend, tensor1d, tidy } from '@tensorflow/tfjs-core'
import { constant, tensorFrom } from '@monge/backend'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { referenceBackend } from '../reference.ts'
import { float64Name } from './register.ts'

const dataIds = (): number => backend().numDataIds()

beforeEach(async () => {
  await referenceBackend()
  await setBackend(float64Name)
})

describe.each(['cpu', 'wasm'])('between %s and float64', (other) => {
  test('a tensor keeps its values both ways, rounded where it must be', async () => {
    const before = dataIds()
    const x = tensorFrom<Tensor1D>([0.1, 1 / 3, 1e8], [3])
    await setBackend(other)
    const there = tidy(() => add(x, tensor1d([0, 0, 0])))
    expect(Array.from(there.dataSync())).toEqual([0.1, 1 / 3, 1e8].map(Math.fround))
    expect(x.dataSync()).toBeInstanceOf(Float32Array)
    await setBackend(float64Name)
    expect(dataIds()).toBe(before)
    const back = tidy(() => add(there, constant(0.1)))
    expect(Array.from(back.dataSync())).toEqual([0.1, 1 / 3, 1e8].map((value) => Math.fround(value) + 0.1))
    for (const tensor of [x, there, back]) tensor.dispose()
    expect(dataIds()).toBe(before)
  })
})
