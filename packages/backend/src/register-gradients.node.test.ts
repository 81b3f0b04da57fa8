import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'

/*
 * In a process of its own: here the gradients are registered already, and vitest may resolve tfjs otherwise than Node.
 */
const inNode = (script: string): unknown =>
  JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      cwd: import.meta.dirname,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  )

const head = `
  import * as tf from '@tensorflow/tfjs-core'
  import '@tensorflow/tfjs-backend-cpu'
  import { registerGradients } from '@monge/backend'
  const slope = (f, values, shape) => Array.from(tf.grad(f)(tf.tensor(values, shape)).dataSync())
  const say = (value) => process.stdout.write(JSON.stringify(value))
`

test('plain Node has no gradients without them', () => {
  expect(inNode(`${head} say(tf.getGradient('Square') === undefined)`)).toBe(true)
})

test('plain Node differentiates with them', () => {
  const slopes = inNode(`${head}
    registerGradients()
    const image = Array.from({ length: 16 }, (_, index) => index)
    say({
      square: slope((x) => tf.sum(tf.square(x)), [1, 2, 3], [3]),
      exp: slope((x) => tf.sum(tf.exp(x)), [0], [1]),
      matMul: slope((x) => tf.sum(tf.matMul(x, x)), [1, 2, 3, 4], [2, 2]),
      broadcast: slope((x) => tf.sum(tf.mul(tf.reshape(x, [2, 1]), tf.reshape(x, [1, 2]))), [1, 2], [2]),
      norm: slope((x) => tf.sqrt(tf.sum(tf.pow(x, 2))), [3, 4], [2]),
      logSumExp: slope((x) => tf.logSumExp(x), [0, 0], [2]),
      gather: slope((x) => tf.sum(tf.gather(x, [1, 1, 2])), [1, 2, 3], [3]),
      pool: slope((x) => tf.sum(tf.maxPool(x, 2, 2, 'valid')), image, [1, 4, 4, 1]),
      convolution: slope((x) => tf.sum(tf.conv2d(x, tf.ones([3, 3, 1, 1]), 1, 'valid')), image, [1, 4, 4, 1]),
    })`)
  expect(slopes).toEqual({
    square: [2, 4, 6],
    exp: [1],
    matMul: [7, 11, 9, 13],
    broadcast: [6, 6],
    norm: [0.6000000238418579, 0.800000011920929],
    logSumExp: [0.5, 0.5],
    gather: [0, 2, 1],
    pool: [0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1],
    convolution: [1, 2, 2, 1, 2, 4, 4, 2, 2, 4, 4, 2, 1, 2, 2, 1],
  })
})

test('registering them twice, or beside one of a user, changes nothing', () => {
  const script = `${head}
    const warnings = []
    console.warn = (...words) => warnings.push(words)
    tf.env().set('DEBUG', true)
    const mine = { kernelName: 'Exp', outputsToSave: [true], gradFunc: (dy) => ({ x: () => tf.mul(dy, 5) }) }
    tf.registerGradient(mine)
    registerGradients()
    const first = tf.getGradient('Square')
    registerGradients()
    say([tf.getGradient('Exp') === mine, tf.getGradient('Square') === first, warnings.filter((words) => /gradient/i.test(words)).length])`
  expect(inNode(script)).toEqual([true, true, 0])
})

test('importing the package registers nothing and makes no second engine', () => {
  const script = `
    const tf = await import('@tensorflow/tfjs-core')
    const before = tf.engine()
    await import('@monge/backend')
    process.stdout.write(JSON.stringify(
      [tf.engine() === before, globalThis._tfengine === before, tf.getGradient('Add') === undefined]))`
  expect(inNode(script)).toEqual([true, true, true])
})
