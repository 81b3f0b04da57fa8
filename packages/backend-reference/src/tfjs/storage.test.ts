import {
  add,
  backend,
  cast,
  clone,
  div,
  engine,
  fill,
  memory,
  mul,
  reshape,
  setBackend,
  sum,
  tidy,
  variable,
} from '@tensorflow/tfjs-core'
import { constant, currentPrecision, tensorFrom } from '@monge/backend'
import type { Tensor1D } from '@tensorflow/tfjs-core'
import { beforeEach, describe, expect, test } from 'vitest'
import { referenceBackend } from '../reference.ts'
import { float64Name } from './register.ts'

const dataIds = (): number => backend().numDataIds()

beforeEach(async () => {
  await referenceBackend()
  await setBackend(float64Name)
})

describe('precision', () => {
  test('is told to whoever asks', () => {
    expect(currentPrecision()).toBe('float64')
    expect(backend().epsilon()).toBeLessThan(1e-15)
  })

  test('0.1 + 0.2 is what it is in float64', () => {
    const result = tidy(() => add(constant(0.1), constant(0.2)))
    expect(result.dataSync()).toEqual(Float64Array.of(0.1 + 0.2))
    result.dispose()
  })

  test('a small term next to a large one is not lost', () => {
    const result = tidy(() => sum(tensorFrom([1e8, 1e-8, -1e8], [3])))
    expect(result.dataSync()[0]).toBe(1e8 + 1e-8 - 1e8)
    result.dispose()
  })

  test('a third times three is one', () => {
    const result = tidy(() => mul(div(fill([], 1), fill([], 3)), fill([], 3)))
    expect(result.dataSync()[0]).toBe(1)
    result.dispose()
  })

  test('casting to whole numbers and back gives doubles', () => {
    const result = tidy(() => cast(cast(tensorFrom([2.7, -2.7], [2]), 'int32'), 'float32'))
    expect(result.dataSync()).toEqual(Float64Array.of(2, -2))
    result.dispose()
  })

  test('a tensor from a caller’s array is a copy', () => {
    const values = Float64Array.of(1, 2)
    const tensor = tensorFrom<Tensor1D>(values, [2])
    values[0] = 5
    expect(Array.from(tensor.dataSync())).toEqual([1, 2])
    tensor.dispose()
  })
})

describe('memory', () => {
  test('clones and reshapes share storage, freed with the last of them', () => {
    const before = dataIds()
    const x = tensorFrom<Tensor1D>([1, 2, 3, 4], [4])
    const y = clone(x)
    const z = reshape(x, [2, 2])
    expect(dataIds()).toBe(before + 1)
    expect(backend().refCount(x.dataId)).toBe(3)
    x.dispose()
    y.dispose()
    expect(Array.from(z.dataSync())).toEqual([1, 2, 3, 4])
    z.dispose()
    expect(dataIds()).toBe(before)
  })

  test('a variable lets go of what it held', () => {
    const before = dataIds()
    const tensors = memory().numTensors
    const held = variable(tensorFrom<Tensor1D>([1], [1]))
    const next = tensorFrom<Tensor1D>([2], [1])
    held.assign(next)
    next.dispose()
    expect(Array.from(held.dataSync())).toEqual([2])
    held.dispose()
    engine().disposeVariables()
    // tfjs leaves a variable's first tensor to its maker.
    expect(memory().numTensors - tensors).toBe(1)
    expect(dataIds()).toBe(before + 1)
  })

  test('what has no kernel says so', () => {
    expect(() => engine().runKernel('Conv2D', {})).toThrow(/Kernel 'Conv2D' not registered for backend 'monge-float64'/)
  })

  test('complex numbers are refused', () => {
    const text = engine().makeTensor(['a'], [1], 'string')
    expect(() => clone(text)).toThrow(/string are not supported/)
    text.dispose()
  })
})
